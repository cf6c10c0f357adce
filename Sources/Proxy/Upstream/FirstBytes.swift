// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// Writes what a connection begins with before anybody else does, TLS too, then leaves.
final class FirstBytes: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var bytes: ByteBuffer?

    init(_ bytes: ByteBuffer) { self.bytes = bytes }

    func channelActive(context: ChannelHandlerContext) {
        self.send(context)
        context.fireChannelActive()
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }

    /// Whoever waits for the connection hears of it before the pipeline does, and may write at once.
    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        self.send(context)
        context.write(data, promise: promise)
    }

    private func send(_ context: ChannelHandlerContext) {
        guard let bytes = self.bytes else { return }
        self.bytes = nil
        context.writeAndFlush(self.wrapOutboundOut(bytes), promise: nil)
    }
}
