// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
package import Logging
import NIOCore
import NIOPosix
import Observability
import Proxy

/// Joins the parts of `malla-proxy` and runs them: what the program does once its arguments are read.
package struct ProxyProgram: Sendable {
    package var bootstrap: ProxyBootstrap
    /// Event loops for traffic.
    package var concurrency: Int
    package var logLevel: LogLevelControl
    /// Where the admin's address is written once it is bound.
    package var adminAddressPath: String?
    package var logger: Logger
    package var signals: AsyncStream<ProxySignal>

    package init(
        bootstrap: ProxyBootstrap, concurrency: Int, logLevel: LogLevelControl, adminAddressPath: String? = nil, logger: Logger,
        signals: AsyncStream<ProxySignal>
    ) {
        self.adminAddressPath = adminAddressPath
        self.bootstrap = bootstrap
        self.concurrency = concurrency
        self.logLevel = logLevel
        self.logger = logger
        self.signals = signals
    }

    /// Returns when the proxy has drained and stopped.
    package func run() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: self.concurrency)
        let accessLog = BufferedLogWriter()
        let identity = ProxyIdentity(node: self.bootstrap.message.node)
        do {
            let server = try await ProxyServer(
                group: group,
                configuration: ProxyConfiguration(
                    localLabels: identity.metadata.peerLabels(principal: nil), nodeID: identity.nodeID,
                    metadataHeader: identity.metadata.headerValue),
                accessLog: accessLog, logger: self.logger)
            let application = try ProxyApplication(
                bootstrap: self.bootstrap, dataPlane: ProxyServerDataPlane(server: server), accessLog: accessLog,
                logLevel: self.logLevel, adminAddressPath: self.adminAddressPath, logger: self.logger)
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { for await signal in self.signals { application.signal(signal) } }
                try await application.run()
                tasks.cancelAll()
            }
        } catch {
            accessLog.flush()
            try? await group.shutdownGracefully()
            throw error
        }
        accessLog.flush()
        try await group.shutdownGracefully()
    }
}
