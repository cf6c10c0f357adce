// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// One connection of the upstream: reads whole requests off the bytes; after a switch of protocols sends back what comes.
final class EchoHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var waiting: [UInt8] = []
    private var isTunnel = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = self.unwrapInboundIn(data)
        if self.isTunnel { return context.writeAndFlush(self.wrapOutboundOut(part), promise: nil) }
        self.waiting += part.readableBytesView
        while !self.isTunnel, let request = EchoRequest.take(from: &self.waiting) { self.answer(request, context) }
    }

    private func answer(_ request: EchoRequest, _ context: ChannelHandlerContext) {
        let answer = EchoAnswer.to(request)
        self.isTunnel = answer.isTunnel
        context.writeAndFlush(self.wrapOutboundOut(ByteBuffer(bytes: answer.bytes)), promise: nil)
        if answer.closes { context.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
