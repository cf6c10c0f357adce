// SPDX-License-Identifier: Apache-2.0
import HTTP1
import NIOCore
import Observability
import ProxyCore

/// Upgrades and CONNECT: from the upstream's consent on, bytes in two directions that end one after the other.
extension RequestStream {
    /// Whether this answer is the consent.
    func agreesToTunnel(_ head: borrowing ResponseHead) -> Bool {
        guard self.wantsTunnel else { return false }
        return self.method.isConnect ? (200..<300).contains(head.status) : head.status == 101
    }

    /// The answer's head has been given to the client.
    func beginTunnel(_ sink: any ResponseSink) {
        self.isTunnel = true
        self.worker.timers.cancel(&self.timers.response)
        if let upstream = self.upstream {
            for part in self.kept { upstream.send(part) }
            if self.requestComplete { upstream.end(nil) }
            upstream.flush()
        }
        self.forgetBody()
        sink.becomeTunnel()
        self.resumeRequest()
    }

    func tunnelData(_ data: ByteBuffer) {
        guard self.isTunnel else {
            // The upstream may still say no, and then these bytes are none of its business.
            self.kept.append(data)
            self.keptBytes += data.readableBytes
            if self.keptBytes > Self.waitingLimit { self.pauseRequest() }
            return
        }
        guard let upstream = self.upstream else { return }
        upstream.send(data)
        if !upstream.isWritable { self.pauseRequest() }
    }

    /// The client has said all.
    func tunnelInputEnded() {
        guard self.isTunnel, let upstream = self.upstream else { return }
        upstream.end(nil)
        upstream.flush()
        if self.upstreamInputHasEnded { self.endTunnel() }
    }

    func upstreamInputEnded() {
        guard !self.isFinished, self.isTunnel, !self.upstreamInputHasEnded else { return }
        self.touch()
        self.upstreamInputHasEnded = true
        if self.requestComplete { self.endTunnel() } else { self.sink?.sendTunnelEnd() }
    }

    /// Both directions have ended, or the upstream is gone as a whole.
    func endTunnel() {
        self.upstream = nil
        self.endAttempt(self.hasAnswered ? self.outcome(grpcStatus: self.responseGRPCStatus) : nil)
        let sink = self.sink
        self.sink = nil
        self.finish()
        sink?.sendEnd(nil)
    }
}
