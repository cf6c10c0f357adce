// SPDX-License-Identifier: Apache-2.0
import APIServer
import Foundation
package import Logging
import MeshCA
import MeshModel
import MeshResources
import ResourceStores
import SPIFFE
import ServiceLifecycle
import XDSServer

/// An embedded control plane: API server, store, certificate authority, discovery and certificate services, in one process.
///
/// `start` opens everything that is kept; `run` serves until graceful shutdown.
package final class ControlPlaneApplication: Sendable {
    private let configuration: ControlPlaneConfiguration
    private let directory: DataDirectory
    private let store: SQLiteStore
    private let authority: MeshCertificateAuthority
    private let api: HTTPAPIServer
    private let monitoring: HTTPTextServer
    private let discovery: ADSServer
    private let scheduler: PushScheduler
    private let cleanup: StaleWorkloadCleanup
    private let rejections: RejectionReporter
    private let token: BearerToken
    private let logger: Logger

    package static func start(configuration: ControlPlaneConfiguration, logger: Logger) async throws -> ControlPlaneApplication {
        let directory = try DataDirectory(path: configuration.dataDirectory)
        let store = try SQLiteStore(path: directory.storeFile)
        for resource in store.unreadable {
            logger.error("a stored resource cannot be read and is left out", metadata: ["resource": "\(resource)"])
        }
        try await makeBuiltIns(store)
        let trustDomain = try TrustDomain(configuration.trustDomain)
        for (option, host, port) in configuration.listeners {
            try await ListeningProbe.check(host: host, port: port, option: option)
        }
        let serving = ServingNames(listenHost: configuration.listenHost)
        async let authority = MeshCertificateAuthority.open(
            configuration: MeshCAConfiguration(
                directory: directory.authorityDirectory, trustDomain: trustDomain,
                workloadLifetime: configuration.workloadCertificateLifetime, servingNames: serving.names,
                servingAddresses: serving.addresses), logger: logger)
        async let tokens = JoinTokenAuthority.open(directory: directory.authorityDirectory, trustDomain: trustDomain)
        return try await ControlPlaneApplication(
            configuration: configuration, directory: directory, store: store, list: store.list(ResourceQuery()),
            authority: authority, tokens: tokens, trustDomain: trustDomain, logger: logger)
    }

    private init(
        configuration: ControlPlaneConfiguration, directory: DataDirectory, store: SQLiteStore, list: ResourceList,
        authority: MeshCertificateAuthority, tokens: JoinTokenAuthority, trustDomain: TrustDomain, logger: Logger
    ) throws {
        self.configuration = configuration
        self.directory = directory
        self.store = store
        self.authority = authority
        self.logger = logger
        var mesh = MeshConfiguration()
        mesh.trustDomain = configuration.trustDomain
        let cleanup = StaleWorkloadCleanup(store: store, configuration: configuration, logger: logger)
        let rejections = RejectionReporter(store: store, logger: logger)
        let source = MeshResourceSource(
            snapshot: MeshSnapshotBuilder(configuration: mesh).build([], generation: 0), cleanup: cleanup, rejections: rejections,
            logger: logger)
        let discovery = ADSServer(
            configuration: XDSServerConfiguration(
                trustDomain: trustDomain, plaintext: ListeningAddress(host: "127.0.0.1", port: configuration.xdsPort),
                secure: ListeningAddress(host: configuration.listenHost, port: configuration.secureXDSPort)),
            source: source, issuer: authority, attestor: tokens, credentials: authority, logger: logger)
        scheduler = PushScheduler(store: store, list: list, configuration: configuration, mesh: mesh, logger: logger) { snapshot in
            source.update(snapshot)
            discovery.push()
        }
        let clusterID = mesh.clusterID
        token = BearerToken(secret: try directory.apiToken())
        let routes = ResourceRoutes(
            store: store, tokens: WorkloadJoinTokens(authority: tokens),
            debug: ["syncz": { ProxyStatusReport.document(discovery.proxyStatuses, clusterID: clusterID) }],
            advice: WriteAdvice(store: store, configuration: mesh).warnings, logger: logger)
        api = HTTPAPIServer(
            routes: routes, token: token, credentials: authority, host: configuration.listenHost, port: configuration.apiPort,
            logger: logger)
        monitoring = HTTPTextServer(host: configuration.listenHost, port: configuration.monitoringPort, logger: logger) { path in
            switch path {
            case "/metrics":
                ControlPlaneMetrics.text(
                    discovery.metrics.values, revision: store.revision, watches: store.watcherCount)
            case "/ready", "/healthz": "ok\n"
            case "/version": ProgramVersion.current + "\n"
            default: nil
            }
        }
        self.discovery = discovery
        self.cleanup = cleanup
        self.rejections = rejections
    }

    /// - Parameter onReady: Called once, when every address answers and the files that name them are written.
    package func run(onReady: @escaping @Sendable (ControlPlaneAddresses) -> Void) async throws {
        let services: [any ServiceLifecycle.Service] = [
            ServiceClosure { try await self.api.run() },
            ServiceClosure { try await self.monitoring.run() },
            ServiceClosure { try await self.serveDiscovery() },
            scheduler, cleanup, rejections,
            // Last, because the last is the first to be told to stop.
            ServiceClosure { try await self.announce(onReady) },
        ]
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services.map { .init(service: $0, successTerminationBehavior: .gracefullyShutdownGroup) }, logger: logger)
        )
        defer {
            try? FileManager.default.removeItem(atPath: directory.runningFile)
            do { try store.close() } catch { logger.error("the store could not be closed", metadata: ["error": "\(error)"]) }
        }
        try await group.run()
    }

    private func serveDiscovery() async throws {
        try await withGracefulShutdownHandler {
            try await discovery.run()
        } onGracefulShutdown: {
            self.discovery.beginGracefulShutdown()
        }
    }

    private func announce(_ onReady: @Sendable (ControlPlaneAddresses) -> Void) async throws {
        let xds = try await discovery.listeningAddresses()
        guard let apiPort = await api.listeningPort(), let monitoringPort = await monitoring.listeningPort(),
            let plaintext = xds.plaintext, let secure = xds.secure
        else { return }
        try TrustBundlePublisher.publish(authority.trustBundle, to: directory.trustBundleFile)
        let addresses = ControlPlaneAddresses(
            api: address(apiPort), xds: plaintext.description, secureXds: address(secure.port), monitoring: address(monitoringPort),
            trustBundle: directory.trustBundleFile, trustDomain: configuration.trustDomain, kubeconfig: directory.kubeconfigFile,
            pid: ProcessInfo.processInfo.processIdentifier)
        try KubeconfigWriter.write(
            api: addresses.api, token: token.secret, authorities: authority.trustBundle, to: directory.kubeconfigFile)
        try addresses.write(to: directory.runningFile)
        onReady(addresses)
        try await gracefulShutdown()
        // Watches would keep the API server from ending.
        store.endWatches()
    }

    /// Clients on this machine reach a listener on all addresses by loopback.
    private func address(_ port: Int) -> String {
        let host = ServingNames.isWildcard(configuration.listenHost) ? "127.0.0.1" : configuration.listenHost
        return ListeningAddress(host: host, port: port).description
    }

    private static func makeBuiltIns(_ store: SQLiteStore) async throws {
        for name in BuiltInResources.namespaces {
            let key = ResourceKey(kind: .namespace, namespace: "", name: name)
            guard try await store.get(key) == nil else { continue }
            _ = try await store.create(BuiltInResources.namespace(name), author: "malla")
            _ = try await store.create(BuiltInResources.serviceAccount("default", namespace: name), author: "malla")
        }
    }
}
