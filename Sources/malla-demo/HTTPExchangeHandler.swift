// SPDX-License-Identifier: Apache-2.0
import NIOCore
import NIOHTTP1

/// Carries one exchange at a time over a client connection; a body over 1 MiB fails the exchange.
final class HTTPExchangeHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundIn = HTTPExchange
    typealias OutboundOut = HTTPClientRequestPart

    enum Failure: Error { case connectionClosed, bodyTooLarge, busy }

    private var current: EventLoopPromise<HTTPExchange.Response>?
    private var head: HTTPResponseHead?
    private var body = ByteBuffer()

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let exchange = unwrapOutboundIn(data)
        guard current == nil, context.channel.isActive else {
            exchange.response.fail(current == nil ? Failure.connectionClosed : Failure.busy)
            promise?.succeed(())
            return
        }
        current = exchange.response
        head = nil
        body.clear()
        context.write(wrapOutboundOut(.head(exchange.head)), promise: nil)
        context.write(wrapOutboundOut(.end(nil)), promise: promise)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): self.head = head
        case .body(var part):
            body.writeBuffer(&part)
            if body.readableBytes > 1 << 20 { end(.failure(Failure.bodyTooLarge), context: context) }
        case .end:
            guard let head else { return }
            let response = HTTPExchange.Response(
                status: Int(head.status.code), body: String(buffer: body), keepsConnection: head.isKeepAlive)
            let promise = current
            current = nil
            if !response.keepsConnection { context.close(promise: nil) }
            promise?.succeed(response)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        end(.failure(Failure.connectionClosed), context: context)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        end(.failure(error), context: context)
    }

    private func end(_ result: Result<HTTPExchange.Response, any Error>, context: ChannelHandlerContext) {
        let promise = current
        current = nil
        context.close(promise: nil)
        promise?.completeWith(result)
    }
}
