// SPDX-License-Identifier: Apache-2.0
import HTTP1
import NIOCore

extension HTTP1Session: ResponseSink {
    func sendInterim(_ head: ResponseHead) {
        guard self.version != .http10 else { return }
        self.beginOutput()
        HeadWriter.write(head, framing: .none, connection: nil, into: &self.outbound)
        self.flush()
    }

    func sendHead(_ head: ResponseHead, body: BodyLength) {
        self.beginOutput()
        if head.status == 101 || (self.method == .connect && head.status < 300) {
            HeadWriter.write(head, framing: .none, connection: head.status == 101 ? "upgrade" : nil, into: &self.outbound)
            return
        }
        let framing: HeadWriter.Framing
        switch body {
        case .none: framing = .none
        case .length: framing = .contentLength
        case .chunked, .untilClose: framing = self.version == .http10 ? .untilClose : .chunked
        }
        self.chunked = framing == .chunked
        self.delimited = framing != .untilClose
        // An answer of our own before the body has come ends the connection; the client is told.
        let isEarly = self.isStarting && self.machine.isRequestOpen
        if self.connection.isDraining || !self.delimited || isEarly { self.machine.closeAfterExchange() }
        let connection: StaticString? = self.machine.willClose ? "close" : self.version == .http10 ? "keep-alive" : nil
        // An answer of HTTP/2 without a body need not say so; here its end would not be seen.
        if framing == .none, self.method != .head, head.status >= 200, head.status != 204, head.status != 304,
            !head.headers.contains(.contentLength)
        {
            var head = head
            head.headers.add(.contentLength, decimal: 0)
            return HeadWriter.write(head, framing: framing, connection: connection, into: &self.outbound)
        }
        HeadWriter.write(head, framing: framing, connection: connection, into: &self.outbound)
    }

    func sendData(_ data: ByteBuffer) {
        guard data.readableBytes > 0 else { return }
        self.beginOutput()
        if self.chunked { HeadWriter.writeChunkStart(data.readableBytes, into: &self.outbound) }
        if data.readableBytes <= 4096 {
            self.outbound.writeImmutableBuffer(data)
        } else {
            self.writeOutbound()
            self.hasUnflushed = true
            self.context?.write(self.wrapOutboundOut(data), promise: nil)
        }
        if self.chunked { self.outbound.writeStaticString("\r\n") }
    }

    func sendEnd(_ trailers: HeaderBlock?) {
        if self.chunked {
            self.beginOutput()
            HeadWriter.writeLastChunk(trailers: trailers, into: &self.outbound)
        }
        self.chunked = false
        self.flush()
        self.halfEnded(self.machine.responseEnded(delimited: self.delimited))
    }

    func flush() {
        guard self.outbound.readableBytes > 0 || self.hasUnflushed, let context = self.context else { return }
        self.writeOutbound()
        self.hasUnflushed = false
        context.flush()
        // Flushing may have led to more.
        if self.outbound.readableBytes == 0 { self.connection.worker.scratch.giveBack(&self.outbound) }
    }

    /// Output of one event is gathered in memory that all connections of the loop share.
    private func beginOutput() {
        if self.outbound.capacity == 0 { self.connection.worker.scratch.take(&self.outbound) }
    }

    func abort() { self.context?.close(promise: nil) }

    func setRequestPaused(_ isPaused: Bool) { self.setPaused(isPaused) }

    func becomeTunnel() {
        self.flush()
        self.startTunnel()
    }

    private func writeOutbound() {
        guard self.outbound.readableBytes > 0 else { return }
        self.hasUnflushed = true
        self.context?.write(self.wrapOutboundOut(self.outbound), promise: nil)
        self.outbound.moveReaderIndex(to: self.outbound.writerIndex)
    }
}
