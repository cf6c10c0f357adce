// SPDX-License-Identifier: Apache-2.0
import HTTP1
import NIOCore

extension HTTP1Session: ResponseSink {
    func sendInterim(_ head: ResponseHead) {
        guard !self.version.isHTTP10 else { return }
        self.output.begin()
        HeadWriter.write(head, framing: .none, connection: nil, into: &self.output.buffer)
        self.flush()
    }

    func sendHead(_ head: ResponseHead, body: BodyLength) {
        self.output.begin()
        self.hasAnswered = true
        if head.status == 101 || (self.method.isConnect && head.status < 300) {
            HeadWriter.write(head, framing: .none, connection: head.status == 101 ? "Upgrade" : nil, into: &self.output.buffer)
            return
        }
        let framing: HeadWriter.Framing
        self.chunked = false
        self.delimited = true
        switch body {
        case .none: framing = .none
        case .length: framing = .contentLength
        case .chunked, .untilClose:
            self.chunked = !self.version.isHTTP10
            self.delimited = self.chunked
            framing = self.chunked ? .chunked : .untilClose
        }
        // An answer of our own before the body has come ends the connection; the client is told.
        let isEarly = (self.isStarting || self.awaitsTunnel) && self.machine.isRequestOpen
        if self.connection.isDraining || !self.delimited || isEarly { self.machine.closeAfterExchange() }
        let connection: StaticString? = self.machine.willClose ? "close" : self.version.isHTTP10 ? "keep-alive" : nil
        if body.isNone, head.status != 204, !head.headers.contains(.contentLength) {
            return self.sendUnusualHead(head, connection: connection)
        }
        HeadWriter.write(head, version: self.version, framing: framing, connection: connection, into: &self.output.buffer)
    }

    /// Of an answer without a body whose head does not say so as it should.
    private func sendUnusualHead(_ head: ResponseHead, connection: StaticString?) {
        var head = head
        var framing = HeadWriter.Framing.none
        switch head.status {
        case 304: break
        // As the answer to GET would be.
        case _ where self.method.isHead: if !self.version.isHTTP10 { framing = .chunked }
        // An answer of HTTP/2 without a body need not say so; here its end would not be seen.
        default: head.headers.add(.contentLength, decimal: 0)
        }
        HeadWriter.write(head, version: self.version, framing: framing, connection: connection, into: &self.output.buffer)
    }

    func sendData(_ data: ByteBuffer) { self.output.append(data, chunked: self.chunked) }

    func sendEnd(_ trailers: HeaderBlock?) {
        if self.chunked { self.output.endChunks(trailers) }
        self.chunked = false
        guard !self.isTunnel else { return self.closeAfterFlush(lingers: !self.inputEnded) }
        self.flush()
        self.halfEnded(self.machine.responseEnded(delimited: self.delimited))
    }

    func sendTunnelEnd() {
        self.output.flush()
        self.context?.closeOutputWhenWritten {}
    }

    func flush() { self.output.flushSoon() }

    func closeAfterAnswer() { self.machine.closeAfterExchange() }

    func answersForItself() { if self.machine.isRequestOpen { self.machine.closeAfterExchange() } }

    /// What the client has not got, it can still have: it sees that the end is missing.
    func abort() {
        self.connection.isClosedByUs = true
        self.output.flush()
        self.context?.close(promise: nil)
    }

    func setRequestPaused(_ isPaused: Bool) { self.setPaused(isPaused) }

    func becomeTunnel() {
        self.flush()
        self.startTunnel()
    }
}
