// SPDX-License-Identifier: Apache-2.0
import HTTP1
import NIOCore
import Observability
import ProxyCore

/// The request's body: straight on when there is an upstream, kept while it may be needed again.
extension RequestStream: RequestSource {
    func requestData(_ data: ByteBuffer) {
        guard !self.isFinished else { return }
        self.touch()
        self.entry.requestBytes &+= UInt64(data.readableBytes)
        if self.wantsTunnel { return self.tunnelData(data) }
        if let extras = self.extras { for mirror in extras.mirrors { mirror.send(data) } }
        if self.keepsBody {
            self.kept.append(data)
            self.keptBytes += data.readableBytes
            if let upstream = self.upstream { upstream.send(data) }
            if self.upstream == nil {
                if self.keptBytes > Self.waitingLimit { self.pauseRequest() }
            } else if self.keptBytes > self.keepingLimit {
                self.forgetBody()
            }
        } else {
            self.upstream?.send(data)
        }
        if let upstream = self.upstream, !upstream.isWritable { self.pauseRequest() }
    }

    func requestEnd(_ trailers: HeaderBlock?) {
        guard !self.isFinished else { return }
        self.requestComplete = true
        if let trailers { self.madeExtras.requestTrailers = trailers }
        self.worker.timers.cancel(&self.timers.request)
        guard self.forward != nil else { return }
        if self.wantsTunnel { return self.tunnelInputEnded() }
        if let extras = self.extras { for mirror in extras.mirrors { mirror.end(trailers) } }
        // The end of a request that is only a head is told of at once (but not on HTTP/2).
        self.armResponseTimeout(now: self.body.isNone && !self.version.isHTTP2 ? self.started : .now())
        guard let upstream = self.upstream else { return }
        upstream.end(trailers)
        upstream.flush()
        self.armTryTimers()
    }

    func requestReadComplete() {
        if let extras = self.extras { for mirror in extras.mirrors { mirror.flush() } }
        self.upstream?.flush()
    }

    func downstreamWritabilityChanged(_ isWritable: Bool) {
        guard isWritable else { return }
        self.touch()
        self.upstream?.resumeReading()
    }

    /// The client has not sent all of its request yet.
    var isEarly: Bool { !self.requestComplete && (!self.body.isNone || self.wantsTunnel) }

    func downstreamClosed() {
        guard !self.isFinished else { return }
        self.connection.stats.resets &+= 1
        self.sink = nil
        self.entry.flags.insert(.downstreamConnectionTermination)
        if self.entry.responseCodeDetails == nil { self.entry.responseCodeDetails = "downstream_remote_disconnect" }
        self.abandon()
    }

    /// Once the body is on its way: it is kept only within the limit, and only where it may be needed again.
    func forgetBodyIfPossible() {
        if self.keptBytes > self.keepingLimit || !(self.planner.mayRetry || self.isIdempotent) { self.forgetBody() }
    }

    /// What a retry policy asks for is worth more memory than another try on a stale connection.
    private var keepingLimit: Int { self.planner.mayRetry ? self.chain.retryBufferLimit : Self.waitingLimit }

    func forgetBody() {
        self.keepsBody = false
        if !self.kept.isEmpty { self.kept = [] }
    }

    func pauseRequest() {
        guard !self.isRequestPaused else { return }
        self.isRequestPaused = true
        self.sink?.setRequestPaused(true)
    }

    func resumeRequest() {
        guard self.isRequestPaused, self.upstream?.isWritable ?? false else { return }
        self.isRequestPaused = false
        self.sink?.setRequestPaused(false)
    }
}
