// SPDX-License-Identifier: Apache-2.0
import HTTPTypes
import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore

/// Plain pages for machines: metrics and health. GET only; nothing secret belongs here.
package final class HTTPTextServer: Sendable {
    private let host: String
    private let port: Int
    private let logger: Logger
    private let page: @Sendable (_ path: String) async -> String?
    private let bound = AsyncStream<Int>.makeStream(bufferingPolicy: .bufferingNewest(1))

    /// - Parameter page: The text of a path; nil where there is none.
    package init(host: String, port: Int, logger: Logger, page: @escaping @Sendable (_ path: String) async -> String?) {
        self.host = host
        self.port = port
        self.logger = logger
        self.page = page
    }

    /// Serves until graceful shutdown or cancellation.
    package func run() async throws {
        let responder = CallbackResponder<BasicRequestContext> { request, _ in
            var headers = HTTPFields()
            headers[.contentType] = "text/plain; version=0.0.4; charset=utf-8"
            guard request.method == .get, let text = await self.page(request.uri.path) else {
                return Response(
                    status: .notFound, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: "not found\n")))
            }
            return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
        }
        let application = Application(
            responder: responder,
            configuration: ApplicationConfiguration(address: .hostname(host, port: port), serverName: "malla"),
            onServerRunning: { channel in self.bound.continuation.yield(channel.localAddress?.port ?? 0) },
            logger: logger)
        defer { bound.continuation.finish() }
        try await application.run()
    }

    /// Waits until the port is bound; nil when it could not be. To be called once.
    package func listeningPort() async -> Int? {
        for await port in bound.stream { return port }
        return nil
    }
}
