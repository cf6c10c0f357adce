// SPDX-License-Identifier: Apache-2.0
import NIOCore
import NIOHTTP1

/// One request of an admin connection, and its answer.
struct AdminExchange: Sendable {
    let routes: AdminRoutes
    let request: AdminRequest
    let isKeepAlive: Bool
    let channel: any Channel

    func run() async {
        let response = await self.routes.answer(self.request)
        self.channel.write(HTTPServerResponsePart.head(self.head(response)), promise: nil)
        if self.request.method != "HEAD" {
            self.channel.write(HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(string: response.body))), promise: nil)
        }
        try? await self.channel.writeAndFlush(HTTPServerResponsePart.end(nil))
        if !self.isKeepAlive { try? await self.channel.close() }
    }

    private func head(_ response: AdminResponse) -> HTTPResponseHead {
        var head = HTTPResponseHead(version: .http1_1, status: HTTPResponseStatus(statusCode: response.status))
        head.headers.add(name: "content-type", value: response.contentType)
        head.headers.add(name: "content-length", value: String(response.body.utf8.count))
        head.headers.add(name: "cache-control", value: "no-cache, max-age=0")
        head.headers.add(name: "x-content-type-options", value: "nosniff")
        head.headers.add(name: "server", value: "malla")
        if !self.isKeepAlive { head.headers.add(name: "connection", value: "close") }
        return head
    }
}
