// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import Logging
import NIOCore
import ProxyModel
import SPIFFE
import Synchronization
import XDSClient
import XDSProtocol

/// Every way by which resources come to an agent: the aggregated stream, streams of one type, files. Streams are opened when
/// something is first wanted from them.
///
/// Lifecycle: `run` until cancelled.
final class ResourceStreams: Sendable {
    private struct Key: Hashable {
        var service: DiscoveryService
        /// Nil: all.
        var type: ResourceType?
    }

    private struct State {
        var clients: [Key: DiscoveryClient] = [:]
    }

    private let bootstrap: ProxyBootstrap
    private let dataPlane: any DataPlane
    private let credentials: any WorkloadCredentialSource
    private let agent: ConfigurationAgent
    private let files: FileResourceSource
    private let logger: Logger
    private let state = Mutex(State())
    private let opened: AsyncStream<DiscoveryClient>
    private let opening: AsyncStream<DiscoveryClient>.Continuation

    init(
        bootstrap: ProxyBootstrap, dataPlane: any DataPlane, credentials: any WorkloadCredentialSource,
        agent: ConfigurationAgent, logger: Logger
    ) {
        self.bootstrap = bootstrap
        self.dataPlane = dataPlane
        self.credentials = credentials
        self.agent = agent
        self.logger = logger
        var paths: [ResourceType: String] = [:]
        for case (let type, .file(let path)) in bootstrap.sources { paths[type] = path }
        self.files = FileResourceSource(paths: paths, agent: agent, logger: logger)
        (self.opened, self.opening) = AsyncStream.makeStream()
        if let aggregated = bootstrap.aggregated { _ = self.client(aggregated, nil) }
        for case (let type, .service(let service)) in bootstrap.sources { _ = self.client(service, type) }
    }

    /// Replaces the names that are wanted of a type.
    func subscribe(to type: ResourceType, _ wanted: [ConfigurationSource: Set<String>]) {
        var byFile: [String: Set<String>] = [:]
        var byClient: [ObjectIdentifier: Set<String>] = [:]
        var clients = self.state.withLock { state in
            state.clients.filter { $0.key.type == nil || $0.key.type == type }.map(\.value)
        }
        for (source, names) in wanted {
            let client: DiscoveryClient?
            switch source {
            case .file(let path):
                byFile[path, default: []].formUnion(names)
                continue
            case .aggregated: client = self.bootstrap.aggregated.flatMap { self.client($0, nil) }
            case .service(let service): client = self.client(service, type)
            }
            guard let client else { continue }
            byClient[ObjectIdentifier(client), default: []].formUnion(names)
            if !clients.contains(where: { $0 === client }) { clients.append(client) }
        }
        for client in clients { client.subscribe(to: type, names: byClient[ObjectIdentifier(client)] ?? []) }
        self.files.subscribe(to: type, byFile)
    }

    /// Streams show the newest credential.
    func reconnect() {
        for client in self.state.withLock({ Array($0.clients.values) }) { client.reconnect() }
    }

    func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.files.run() }
            for await client in self.opened {
                group.addTask { try await client.run(self.agent) }
            }
            try await group.waitForAll()
        }
    }

    /// Nil for a service that there is no way to: whoever names it has been refused.
    private func client(_ service: DiscoveryService, _ type: ResourceType?) -> DiscoveryClient? {
        let key = Key(service: service, type: type)
        return self.state.withLock { state in
            if let known = state.clients[key] { return known }
            guard let connection = self.connection(service) else { return nil }
            var wildcards: Set<ResourceType> = []
            for (each, source) in self.bootstrap.sources {
                if type == nil, source == .aggregated { wildcards.insert(each) }
                if type == each, source == .service(service) { wildcards.insert(each) }
            }
            let client = DiscoveryClient(
                configuration: DiscoveryClientConfiguration(
                    controlPlane: connection, scope: type.map { .only($0) } ?? .aggregated,
                    variant: service.isDelta ? .delta : .stateOfTheWorld, node: self.bootstrap.nodeWithProgram,
                    metadata: service.initialMetadata.map { InitialHeader(name: $0.name, value: $0.value) },
                    wildcardTypes: wildcards),
                logger: self.logger)
            state.clients[key] = client
            self.opening.yield(client)
            return client
        }
    }

    private func connection(_ service: DiscoveryService) -> ControlPlaneConnection? {
        guard let endpoint = try? self.bootstrap.endpoint(of: service) else { return nil }
        let security: ControlPlaneConnection.Security
        if self.bootstrap.hasIdentity, service.cluster == self.bootstrap.aggregated?.cluster {
            security = .mesh(serverName: endpoint.serverName, self.credentials)
        } else if let tls = endpoint.tls {
            let dataPlane = self.dataPlane
            security = .custom { try dataPlane.secure($0, as: tls) }
        } else {
            security = .plaintext
        }
        let addresses = endpoint.addresses.map { address -> ControlPlaneConnection.Address in
            switch address {
            case .host(let host, let port): .host(host, port: port)
            case .unixPath(let path): .unix(path: path)
            }
        }
        return ControlPlaneConnection(
            addresses: addresses, security: security, authority: service.authority ?? service.cluster)
    }
}
