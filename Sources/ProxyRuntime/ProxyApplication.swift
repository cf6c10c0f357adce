// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import Foundation
package import Logging
import NIOCore
import NIOPosix
import Observability
import SPIFFE
import XDSClient
import XDSProtocol

/// The whole proxy: joins data plane, control plane stream, certificates and admin. The only place where they meet.
///
/// Lifecycle: `run` returns when the proxy has stopped.
package final class ProxyApplication: Sendable {
    /// How long the control plane has, before the last good configuration is used.
    package static let restoreDelay: Duration = .seconds(2)
    /// How long route tables, endpoints and secrets are waited for before the proxy says that it is ready; Envoy's.
    package static let fetchTime: Duration = .seconds(15)

    private let bootstrap: ProxyBootstrap
    private let dataPlane: any DataPlane
    private let accessLog: BufferedLogWriter
    private let logger: Logger
    private let readiness: ReadinessGate
    private let certificates = CertificateStore()
    private let certificateAgent: CertificateAgent?
    private let streams: ResourceStreams
    private let lastGood: LastGoodConfiguration?
    private let configuration: ConfigurationAgent
    private let logLevel: LogLevelControl
    private let log: ProxyLog
    private let options: ProxyOptions
    private let startedAt = Date()
    private let signals: AsyncStream<ProxySignal>
    private let signalled: AsyncStream<ProxySignal>.Continuation

    package init(
        bootstrap: ProxyBootstrap, dataPlane: any DataPlane, accessLog: BufferedLogWriter, logLevel: LogLevelControl,
        log: ProxyLog = ProxyLog(), options: ProxyOptions = ProxyOptions(), logger: Logger
    ) throws {
        self.log = log
        self.options = options
        self.bootstrap = bootstrap
        self.dataPlane = dataPlane
        self.accessLog = accessLog
        self.logLevel = logLevel
        self.logger = logger
        (self.signals, self.signalled) = AsyncStream.makeStream()
        self.readiness = ReadinessGate(needsCertificate: bootstrap.hasIdentity, needsConfiguration: true)
        self.lastGood = bootstrap.workload.stateDirectory.map { LastGoodConfiguration(directory: $0, logger: logger) }
        self.configuration = ConfigurationAgent(
            dataPlane: dataPlane, statics: try ResourceTable(statics: bootstrap), lastGood: self.lastGood,
            readiness: self.readiness, awaited: Set(bootstrap.sources.keys),
            sources: SourceDirectory(hasOwnSecrets: bootstrap.hasIdentity) { bootstrap.fault(of: $0) }, logger: logger)
        self.certificateAgent = try Self.certificateAgent(bootstrap, self.certificates, logger)
        self.streams = ResourceStreams(
            bootstrap: bootstrap, dataPlane: dataPlane, credentials: self.certificates, agent: self.configuration,
            logger: logger)
    }

    /// Nil for a proxy whose control plane is not the mesh's own.
    private static func certificateAgent(
        _ bootstrap: ProxyBootstrap, _ store: CertificateStore, _ logger: Logger
    ) throws -> CertificateAgent? {
        let settings = bootstrap.workload
        guard let aggregated = bootstrap.aggregated, let trustBundleFile = settings.trustBundleFile else { return nil }
        let controlPlane = try bootstrap.endpoint(of: aggregated)
        let trustDomain = try TrustDomain(settings.trustDomain)
        let identity = ProxyIdentity(node: bootstrap.message.node)
        let id = try SPIFFEID(
            trustDomain: trustDomain, namespace: identity.namespace, serviceAccount: identity.serviceAccount)
        let tokenFile = settings.joinTokenFile
        return CertificateAgent(
            id: id,
            issuer: ControlPlaneIssuer(
                controlPlane: controlPlane, trustDomain: trustDomain, trustBundleFile: trustBundleFile, logger: logger),
            store: store,
            joinToken: {
                guard let tokenFile, let text = try? String(contentsOfFile: tokenFile, encoding: .utf8) else { return nil }
                let token = text.trimmingCharacters(in: .whitespacesAndNewlines)
                return token.isEmpty ? nil : token
            }, logger: logger)
    }

    /// From a signal handler, or the admin port.
    package func signal(_ signal: ProxySignal) { self.signalled.yield(signal) }

    package func run() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let admin = try await self.startAdmin(group)
        self.logger.notice("proxy started", metadata: [LogKey.proxyID: "\(self.bootstrap.message.node.id)"])
        do {
            try await self.configuration.start()
            await self.serve()
        } catch {
            await self.stop(admin)
            try await group.shutdownGracefully()
            throw error
        }
        await self.stop(admin)
        try await group.shutdownGracefully()
    }

    /// Until asked to stop, and then until drained.
    private func serve() async {
        await withTaskGroup(of: Void.self) { group in
            await self.configuration.connect { [streams] in streams.subscribe(to: $0, $1) }
            group.addTask { try? await self.follow() }
            if self.lastGood != nil { group.addTask { await self.restoreIfAlone() } }
            group.addTask { await self.stopWaiting() }
            let files = CertificateFileWatch(dataPlane: self.dataPlane, logger: self.logger)
            group.addTask { try? await files.run() }
            group.addTask { try? await StartupMemory.release(whenLive: self.readiness) }
            var stop: Task<Void, Never>?
            for await signal in self.signals {
                switch signal {
                case .reopenLogs: self.reopenLogs()
                case .stop where stop == nil:
                    // Unstructured, so that a second signal can end the wait for it; it is cancelled or finished below.
                    stop = Task {
                        await self.drain()
                        self.signalled.finish()
                    }
                case .stop:
                    self.logger.notice("asked to stop again: leaving now")
                    stop?.cancel()
                    self.signalled.finish()
                }
            }
            group.cancelAll()
        }
    }

    private func follow() async throws {
        guard let certificateAgent else { return try await self.streams.run() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            let (first, firstInstalled) = AsyncStream<Void>.makeStream()
            group.addTask {
                try await certificateAgent.run { credential in
                    await self.installed(credential)
                    firstInstalled.finish()
                }
            }
            group.addTask {
                for await _ in first {}
                try await self.streams.run()
            }
            try await group.waitForAll()
        }
    }

    private func installed(_ credential: WorkloadCredential) async {
        do {
            try await self.dataPlane.install(credential)
        } catch {
            self.logger.error("certificate cannot be used", metadata: [LogKey.error: "\(error)"])
            return
        }
        let isRenewal = self.readiness.state != .preInitializing
        self.readiness.certificateInstalled()
        if isRenewal { self.streams.reconnect() }
    }

    private func restoreIfAlone() async {
        guard (try? await Task.sleep(for: Self.restoreDelay)) != nil else { return }
        if await !self.configuration.status.isConnected { await self.configuration.restore() }
    }

    /// Counted from the start, where Envoy counts from each request.
    private func stopWaiting() async {
        guard (try? await Task.sleep(for: Self.fetchTime)) != nil else { return }
        await self.configuration.stopWaiting()
    }

    private func reopenLogs() {
        self.accessLog.reopen()
        self.log.reopen()
    }

    private func drain() async {
        self.logger.notice("draining")
        self.readiness.drainStarted()
        await self.dataPlane.drain(grace: self.options.drainTime)
    }

    /// The admin's drain: the proxy stays, and says that it is ready, as Envoy does.
    private func drainListeners(gracefully: Bool) {
        let dataPlane = self.dataPlane
        let time = self.options.drainTime
        // Unstructured: whoever asked gets the answer now, and the process stays at least as long.
        Task { if gracefully { await dataPlane.drainListeners(over: time) } else { await dataPlane.stopListening() } }
    }

    private func stop(_ admin: [AdminListener]) async {
        await self.dataPlane.drain(grace: .zero)
        self.accessLog.flush()
        self.lastGood?.flush()
        for listener in admin { await listener.stop() }
        self.logger.notice("proxy stopped")
    }

    private func startAdmin(_ group: MultiThreadedEventLoopGroup) async throws -> [AdminListener] {
        guard let endpoint = self.bootstrap.admin else { return [] }
        let sources = self.adminSources()
        var wanted = [(sources.adminRoutes, endpoint)]
        if let port = self.bootstrap.workload.readinessPort {
            wanted.append((sources.readinessRoutes, SocketEndpoint(host: endpoint.host, port: port)))
        }
        if let port = self.bootstrap.workload.prometheusPort {
            wanted.append((sources.prometheusRoutes, SocketEndpoint(host: endpoint.host, port: port)))
        }
        var listeners: [AdminListener] = []
        // What an operator asked for, but rarely what he meant: admin asks nobody who he is.
        if !["127.", "::1", "localhost"].contains(where: { endpoint.host.hasPrefix($0) }) {
            self.logger.warning("admin is open to others than this machine", metadata: [LogKey.address: "\(endpoint)"])
        }
        for (routes, endpoint) in wanted {
            listeners.append(
                try await AdminServer(routes: routes, group: group, logger: self.logger).start(on: endpoint))
        }
        if let path = self.options.adminAddressPath, let bound = listeners.first?.endpoint {
            try "\(bound)".write(toFile: path, atomically: true, encoding: .utf8)
        }
        return listeners
    }

    private func adminSources() -> AdminSources {
        AdminSources(
            bootstrap: self.bootstrap, dataPlane: self.dataPlane, configuration: self.configuration,
            certificates: self.certificates,
            certificateCounts: { [certificateAgent] in certificateAgent?.counts ?? CertificateAgent.Counts() },
            droppedLogLines: { [accessLog] in accessLog.dropped }, readiness: self.readiness, logLevel: self.logLevel,
            options: self.options, startedAt: self.startedAt, reopenLogs: { [self] in self.reopenLogs() },
            drain: { [self] in self.drainListeners(gracefully: $0) }, quit: { [signalled] in signalled.yield(.stop) })
    }
}
