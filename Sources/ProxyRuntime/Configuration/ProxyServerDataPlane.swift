// SPDX-License-Identifier: Apache-2.0
package import NIOCore
package import Observability
package import Proxy
package import ProxyModel
package import SPIFFE
import Synchronization
import XDSDecoding
import XDSProtocol

/// The proxy proper, driven by xDS resources.
package final class ProxyServerDataPlane: DataPlane {
    private struct Key: Hashable {
        var type: ResourceType
        var name: String
        var version: String
    }

    private let server: ProxyServer
    /// What was decoded for the table that runs, so that a push decodes only what changed.
    private let decoded = Mutex<[Key: DecodedResource]>([:])

    package init(server: ProxyServer) { self.server = server }

    package func apply(_ table: ResourceTable) async throws {
        let known = self.decoded.withLock { $0 }
        var fresh: [Key: DecodedResource] = [:]
        var snapshot = ProxySnapshot()
        for (type, resources) in table.byType {
            for (name, resource) in resources {
                let key = Key(type: type, name: name, version: resource.version)
                let value =
                    try known[key] ?? ResourceDecoder.decode(typeURL: type.typeURL, name: name, payload: resource.payload)
                fresh[key] = value
                switch value {
                case .listener(let listener): snapshot.listeners[listener.name] = listener
                case .routes(let routes): snapshot.routeTables[routes.name] = routes
                case .cluster(let cluster): snapshot.clusters[cluster.name] = cluster
                case .endpoints(let name, let set): snapshot.endpoints[name] = set
                case .secret(let name, let secret): snapshot.secrets[name] = secret
                }
            }
        }
        try await self.server.apply(snapshot)
        self.decoded.withLock { $0 = fresh }
    }

    package func install(_ credential: WorkloadCredential) async throws { self.server.certificates.update(credential) }

    package func secure(_ channel: any Channel, as tls: ClientTLSContext) throws {
        try self.server.certificates.secure(channel, as: tls, protocols: ["h2"])
    }

    package var certificateFiles: Set<String> { self.server.certificates.files }

    package func reloadCertificates(_ files: Set<String>) -> [String] { self.server.certificates.reload(files) }

    package var certificates: [TLSInventoryEntry] { self.server.certificates.inventory }

    package func metrics() async -> MetricSnapshot { await self.server.telemetry() }

    package func listeners() async -> [ListenerStatus] {
        self.server.boundListeners.map { ListenerStatus(name: $0.name, address: SocketEndpoint($0.address)) }
    }

    package func clusters() async -> [ClusterStatus] {
        let limits = self.decoded.withLock { decoded in
            var limits: [String: CircuitLimits] = [:]
            for case .cluster(let cluster) in decoded.values { limits[cluster.name] = cluster.circuitLimits }
            return limits
        }
        return await self.server.clusterStatus().map { cluster in
            var status = ClusterStatus(name: cluster.name, limits: limits[cluster.name], hosts: cluster.endpoints.map(Self.host))
            status.observabilityName = cluster.observabilityName
            return status
        }
    }

    private static func host(_ endpoint: EndpointStatus) -> ClusterStatus.Host {
        return ClusterStatus.Host(
            address: SocketEndpoint(endpoint.address), weight: Int(endpoint.weight), priority: endpoint.priority,
            hostname: endpoint.hostname, locality: endpoint.locality, isHealthy: endpoint.isHealthy, isEjected: endpoint.isEjected,
            activeConnections: endpoint.connectionsActive, activeRequests: endpoint.requestsActive,
            totalRequests: Int(clamping: endpoint.requestsTotal), failedRequests: Int(clamping: endpoint.requestsError),
            successfulRequests: Int(clamping: endpoint.requestsSuccess),
            totalConnections: Int(clamping: endpoint.connectionsTotal),
            failedConnections: Int(clamping: endpoint.connectionsFailed), pendingRequests: endpoint.requestsPending,
            timedOutRequests: Int(clamping: endpoint.requestsTimeout))
    }

    package func stopListening() async { await self.server.stopListening() }

    package func drainListeners(over time: Duration) async { await self.server.drainListeners(over: time) }

    package func drain(grace: Duration) async {
        if grace == .zero {
            await self.server.stop()
        } else {
            let nanoseconds = grace.components.seconds * 1_000_000_000 + grace.components.attoseconds / 1_000_000_000
            await self.server.drain(timeout: .nanoseconds(nanoseconds))
        }
    }
}
