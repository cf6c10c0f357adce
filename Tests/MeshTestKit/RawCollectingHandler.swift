// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// Hands everything that arrives to a collector.
final class RawCollectingHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let collector: RawCollector

    init(_ collector: RawCollector) { self.collector = collector }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        self.collector.append(self.unwrapInboundIn(data).readableBytesView)
    }

    func channelInactive(context: ChannelHandlerContext) { self.collector.closed() }

    /// A reset is a close.
    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
