// SPDX-License-Identifier: Apache-2.0
import NIOCore
import NIOHTTP1

/// One connection to an admin listener: answers requests in order; bodies of requests are read and not looked at.
final class AdminHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    /// Bytes of a request's body that are put up with.
    private static let maximumBody = 64 * 1024

    private let routes: AdminRoutes
    private var head: HTTPRequestHead?
    private var received = 0

    init(routes: AdminRoutes) { self.routes = routes }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch self.unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            self.received = 0
        case .body(let part):
            self.received += part.readableBytes
            if self.received > Self.maximumBody { context.close(promise: nil) }
        case .end:
            guard let head = self.head else { return }
            self.head = nil
            self.answer(head, context)
        }
    }

    private func answer(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        let exchange = AdminExchange(
            routes: self.routes, request: AdminRequest(method: head.method.rawValue, target: head.uri),
            isKeepAlive: head.isKeepAlive, channel: context.channel)
        // Unstructured: an answer is asked of actors and loops; if the channel closes meanwhile, writing fails, which is fine.
        Task { await exchange.run() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
