// SPDX-License-Identifier: Apache-2.0
package import Logging
package import NIOCore
import NIOHTTP1
import NIOPosix
import Observability

/// An HTTP listener for people, scrapers and probes. Not on the request path, so the generic codec does.
///
/// Lifecycle: `start`, `stop`.
package final class AdminServer: Sendable {
    private let routes: AdminRoutes
    private let group: any EventLoopGroup
    private let logger: Logger

    package init(routes: AdminRoutes, group: any EventLoopGroup, logger: Logger) {
        self.routes = routes
        self.group = group
        self.logger = logger
    }

    /// Binds, and says where: port 0 picks a free one.
    package func start(on endpoint: SocketEndpoint) async throws -> AdminListener {
        let routes = self.routes
        let channel = try await ServerBootstrap(group: self.group)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(withErrorHandling: true)
                    try channel.pipeline.syncOperations.addHandler(AdminHandler(routes: routes))
                }
            }
            .bind(host: endpoint.host, port: endpoint.port).get()
        let bound = SocketEndpoint(host: endpoint.host, port: channel.localAddress?.port ?? endpoint.port)
        self.logger.info("admin listens", metadata: [LogKey.address: "\(bound)"])
        return AdminListener(endpoint: bound, channel: channel)
    }
}
