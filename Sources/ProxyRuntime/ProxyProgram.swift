// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
package import Logging
import NIOCore
import Observability
import Proxy
import Sockets

/// Joins the parts of `malla-proxy` and runs them: what the program does once its arguments are read.
package struct ProxyProgram: Sendable {
    package var bootstrap: ProxyBootstrap
    package var options: ProxyOptions
    package var logLevel: LogLevelControl
    package var log: ProxyLog
    package var logger: Logger
    package var signals: AsyncStream<ProxySignal>

    package init(
        bootstrap: ProxyBootstrap, options: ProxyOptions = ProxyOptions(), logLevel: LogLevelControl, log: ProxyLog = ProxyLog(),
        logger: Logger, signals: AsyncStream<ProxySignal>
    ) {
        self.bootstrap = bootstrap
        self.options = options
        self.logLevel = logLevel
        self.log = log
        self.logger = logger
        self.signals = signals
    }

    /// Returns when the proxy has drained and stopped.
    package func run() async throws {
        let group = try SocketLoopGroup(numberOfLoops: self.options.concurrency)
        let accessLog = BufferedLogWriter()
        let identity = ProxyIdentity(node: self.bootstrap.message.node)
        do {
            let server = try await ProxyServer(
                group: group,
                configuration: ProxyConfiguration(
                    localLabels: identity.metadata.peerLabels(principal: nil), nodeID: identity.nodeID,
                    metadataHeader: identity.metadata.headerValue, serviceCluster: identity.cluster),
                accessLog: accessLog, logger: self.logger)
            let application = try ProxyApplication(
                bootstrap: self.bootstrap, dataPlane: ProxyServerDataPlane(server: server), accessLog: accessLog,
                logLevel: self.logLevel, log: self.log, options: self.options, logger: self.logger)
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
