// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// One half of a TCP tunnel: what is read here is written to the other half, no faster than that takes it, and the end of input is
/// passed on as the end of output.
final class TCPTunnel: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var partner: TCPTunnel?
    private var context: ChannelHandlerContext?
    private var held = ByteBuffer()
    private var isReading = false
    private var inputEnded = false
    private var outputFinished = false
    private(set) var lastActivity = NIODeadline.now()
    private(set) var bytesRead: UInt64 = 0
    /// The other end's end came behind ours, or it broke the connection.
    private(set) var isEndedByPeer = false
    private var isClosedByUs = false
    /// Runs once, when this half has closed.
    private var onClose: (() -> Void)?
    /// Runs when the other end has not ended orderly.
    private var onError: (() -> Void)?

    init(onClose: (() -> Void)? = nil) { self.onClose = onClose }

    /// Both halves are in their pipelines: bytes may flow.
    static func join(_ one: TCPTunnel, _ other: TCPTunnel) {
        one.partner = other
        other.partner = one
        one.start()
        other.start()
    }

    func setOnError(_ onError: @escaping () -> Void) { self.onError = onError }

    func setOnClose(_ onClose: @escaping () -> Void) { self.onClose = onClose }

    /// Bytes that came before this handler stood in the pipeline.
    func receive(_ bytes: ByteBuffer) {
        self.bytesRead &+= UInt64(bytes.readableBytes)
        self.held = bytes
    }

    /// The end of input came before this handler stood in the pipeline.
    func inputHasEnded() { self.inputEnded = true }

    func close() {
        self.isClosedByUs = true
        self.context?.close(promise: nil)
    }

    private func start() {
        if self.held.readableBytes > 0 {
            self.partner?.write(self.held)
            self.held = ByteBuffer()
            self.partner?.flush()
        }
        if self.inputEnded { self.partner?.finishOutput() }
        guard self.context?.channel.isActive ?? false else {
            self.partner?.close()
            return
        }
        self.requestRead()
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = self.unwrapInboundIn(data)
        self.lastActivity = .now()
        self.bytesRead &+= UInt64(bytes.readableBytes)
        if let partner = self.partner { partner.write(bytes) } else { self.held.writeBuffer(&bytes) }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        self.isReading = false
        self.partner?.flush()
        self.requestRead()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { self.partner?.requestRead() }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? ChannelEvent, event == .inputClosed {
            self.inputEnded = true
            self.isEndedByPeer = self.outputFinished
            self.partner?.finishOutput()
            self.closeIfOver()
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        if !self.isClosedByUs, self.outputFinished { self.isEndedByPeer = true }
        let partner = self.partner
        self.partner = nil
        partner?.close()
        self.onClose?()
        self.onClose = nil
        self.onError = nil
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        self.isEndedByPeer = true
        self.onError?()
        context.close(promise: nil)
    }

    private func requestRead() {
        guard let partner = self.partner, partner.isWritable, !self.isReading, !self.inputEnded, let context = self.context else {
            return
        }
        self.isReading = true
        context.read()
    }

    private var isWritable: Bool { self.context?.channel.isWritable ?? false }

    private func write(_ bytes: ByteBuffer) { self.context?.write(self.wrapOutboundOut(bytes), promise: nil) }

    private func flush() { self.context?.flush() }

    /// What has been written goes out first.
    private func finishOutput() {
        guard let context = self.context else { return }
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { [weak self] _ in
            guard let self, let context = self.context else { return }
            self.outputFinished = true
            context.close(mode: .output, promise: nil)
            self.closeIfOver()
        }
        context.writeAndFlush(self.wrapOutboundOut(ByteBuffer()), promise: written)
    }

    /// Both directions have ended.
    private func closeIfOver() {
        if self.inputEnded, self.outputFinished { self.close() }
    }
}
