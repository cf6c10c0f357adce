// SPDX-License-Identifier: Apache-2.0
import HTTP2
import NIOCore
import NIOTLS

/// Finds out whether a client speaks HTTP/1 or HTTP/2, as Envoy's codec type AUTO: what TLS negotiated, else the first bytes.
/// Then it puts the session behind itself and makes way.
final class HTTPCodecSelector: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    enum Choice: Equatable { case http1, http2 }

    private let isTLS: Bool
    private let timeout: TimeAmount?
    private let onTimeout: () -> Void
    private var makeSession: ((Choice) -> any ChannelHandler)?
    private var buffer = ByteBuffer()
    private var handshake: TLSUserEvent?
    private var timer: Scheduled<Void>?

    /// - Parameter timeout: How long the first bytes may take; nil: forever.
    init(
        isTLS: Bool, timeout: TimeAmount?, onTimeout: @escaping () -> Void = {},
        makeSession: @escaping (Choice) -> any ChannelHandler
    ) {
        self.isTLS = isTLS
        self.timeout = timeout
        self.onTimeout = onTimeout
        self.makeSession = makeSession
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let channel = context.channel
        self.timer = self.timeout.map { timeout in
            context.eventLoop.assumeIsolated().scheduleTask(in: timeout) { [onTimeout] in
                onTimeout()
                channel.close(promise: nil)
            }
        }
        if !self.isTLS, channel.isActive { context.read() }
    }

    func channelActive(context: ChannelHandlerContext) {
        context.fireChannelActive()
        if !self.isTLS { context.read() }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case TLSUserEvent.handshakeCompleted(let negotiated)? = event as? TLSUserEvent else {
            return context.fireUserInboundEventTriggered(event)
        }
        self.handshake = .handshakeCompleted(negotiatedProtocol: negotiated)
        switch negotiated {
        case "h2"?: self.choose(.http2, context)
        case nil: break
        default: self.choose(.http1, context)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard self.makeSession != nil else { return context.fireChannelRead(data) }
        var bytes = self.unwrapInboundIn(data)
        self.buffer.writeBuffer(&bytes)
        if let choice = Self.choice(self.buffer) { self.choose(choice, context) }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if self.makeSession != nil { context.read() }
        context.fireChannelReadComplete()
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.timer?.cancel()
        self.makeSession = nil
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if self.makeSession != nil { context.close(promise: nil) } else { context.fireErrorCaught(error) }
    }

    /// nil while the bytes could become either.
    static func choice(_ buffer: ByteBuffer) -> Choice? {
        let preface = HTTP2Connection.preface
        let count = min(buffer.readableBytes, preface.utf8CodeUnitCount)
        let isPrefix = buffer.withUnsafeReadableBytes { bytes in
            (0..<count).allSatisfy { bytes[$0] == preface.utf8Start[$0] }
        }
        guard isPrefix else { return .http1 }
        return count == preface.utf8CodeUnitCount ? .http2 : nil
    }

    private func choose(_ choice: Choice, _ context: ChannelHandlerContext) {
        guard let makeSession = self.makeSession else { return }
        self.makeSession = nil
        self.timer?.cancel()
        let pipeline = context.pipeline.syncOperations
        guard (try? pipeline.addHandler(makeSession(choice), position: .after(self))) != nil else {
            return context.close(promise: nil)
        }
        if let handshake = self.handshake { context.fireUserInboundEventTriggered(handshake) }
        pipeline.removeHandler(self, promise: nil)
    }

    func removeHandler(context: ChannelHandlerContext, removalToken: ChannelHandlerContext.RemovalToken) {
        if self.buffer.readableBytes > 0, context.channel.isActive {
            context.fireChannelRead(self.wrapInboundOut(self.buffer))
            context.fireChannelReadComplete()
        }
        context.leavePipeline(removalToken: removalToken)
    }
}
