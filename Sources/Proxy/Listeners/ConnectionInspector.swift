// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// Holds the first bytes of a connection until it is known what is spoken on it, then makes way.
final class ConnectionInspector: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// What the first bytes say. nil: they did not come in time.
    typealias Decision = (ClientHello.Inspection?, any Channel) -> Void

    private let timeout: TimeAmount
    private var decide: Decision?
    private var buffer = ByteBuffer()
    private var timer: Scheduled<Void>?

    init(timeout: TimeAmount, decide: @escaping Decision) {
        self.timeout = timeout
        self.decide = decide
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let channel = context.channel
        self.timer = context.eventLoop.assumeIsolated().scheduleTask(in: self.timeout) { [weak self] in
            self?.finish(nil, channel: channel)
        }
        if channel.isActive { context.read() }
    }

    func channelActive(context: ChannelHandlerContext) {
        context.fireChannelActive()
        context.read()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = self.unwrapInboundIn(data)
        self.buffer.writeBuffer(&bytes)
        guard self.decide != nil else { return }
        switch ClientHello.inspect(self.buffer) {
        case .needsMore: break
        case let inspection: self.finish(inspection, channel: context.channel)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if self.decide != nil { context.read() }
        context.fireChannelReadComplete()
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.timer?.cancel()
        self.decide = nil
        context.fireChannelInactive()
    }

    /// The handlers that the decision adds stand behind this one and get the held bytes when it leaves.
    private func finish(_ inspection: ClientHello.Inspection?, channel: any Channel) {
        guard let decide = self.decide else { return }
        self.decide = nil
        self.timer?.cancel()
        decide(inspection, channel)
        channel.pipeline.syncOperations.removeHandler(self, promise: nil)
    }

    func removeHandler(context: ChannelHandlerContext, removalToken: ChannelHandlerContext.RemovalToken) {
        if self.buffer.readableBytes > 0, context.channel.isActive {
            context.fireChannelRead(self.wrapInboundOut(self.buffer))
            context.fireChannelReadComplete()
        }
        context.leavePipeline(removalToken: removalToken)
    }
}
