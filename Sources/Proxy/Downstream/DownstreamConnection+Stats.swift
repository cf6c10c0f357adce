// SPDX-License-Identifier: Apache-2.0
import HTTP1
import ProxyCore

/// What is counted of a client's connection.
extension DownstreamConnection {
    /// The client has said something.
    func speaks(_ codec: HTTPCodecSelector.Choice) {
        guard self.codec == nil else { return }
        self.codec = codec
        switch codec {
        case .http1: self.stats.http1Connections &+= 1
        case .http2: self.stats.http2Connections &+= 1
        }
    }

    func requestBegins(_ version: HTTPVersion) {
        self.openRequests &+= 1
        if version.isHTTP2 { self.stats.http2Requests &+= 1 } else { self.stats.http1Requests &+= 1 }
    }

    func requestEnded() {
        self.openRequests &-= 1
        self.stats.requestsEnded &+= 1
    }

    /// A request did not become one, or not a whole one.
    func requestCut() {
        self.stats.resets &+= 1
        self.requestEnded()
    }

    /// Something that began as a request and did not become one is answered.
    func requestWasNone(_ version: HTTPVersion) {
        self.requestBegins(version)
        self.stats.earlyAnswers &+= 1
        self.requestCut()
    }

    func answered(_ status: UInt16) { self.answers.answered(status) }

    /// A request took longer than it may.
    func timedOut(_ failure: RequestFailure) {
        switch failure {
        case .requestHeaderTimeout: self.stats.headTimeouts &+= 1
        case .requestTimeout: self.stats.requestTimeouts &+= 1
        case .streamIdleTimeout: self.stats.streamIdleTimeouts &+= 1
        case .downstreamMaxDuration: self.stats.streamDurationsReached &+= 1
        default: break
        }
    }

    /// The channel has closed; what runs has not been told yet.
    func channelEnds() { self.cutRequests = self.openRequests }

    /// All is over.
    func ended(byClient: Bool) {
        let stats = self.stats
        if self.bytes !== stats.bytes {
            stats.bytes.received &+= self.bytes.received
            stats.bytes.sent &+= self.bytes.sent
        }
        self.listenerStats.connectionsEnded &+= 1
        stats.connectionsEnded &+= 1
        if self.isTLS { stats.tlsConnectionsEnded &+= 1 }
        switch self.codec {
        case .http1: stats.http1ConnectionsEnded &+= 1
        case .http2: stats.http2ConnectionsEnded &+= 1
        case nil: break
        }
        // TLS closes by itself when the client says goodbye: the socket has not seen its end yet.
        if self.isHandshakeFailed || (!self.isClosedByUs && (byClient || self.isTLS)) {
            stats.endedByClient &+= 1
            if self.cutRequests > 0 { stats.cutByClient &+= 1 }
        } else {
            stats.endedByUs &+= 1
            if self.cutRequests > 0 { stats.cutByUs &+= 1 }
        }
    }
}
