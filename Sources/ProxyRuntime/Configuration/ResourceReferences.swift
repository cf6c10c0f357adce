// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import ProxyModel
import SwiftProtobuf
import XDSDecoding
import XDSProtocol

/// What resources ask for by name, and from where: these names are subscribed to. A resource that cannot be read names nothing;
/// decoding says what is wrong with it.
struct ResourceReferences: Hashable, Sendable {
    typealias Names = [ConfigurationSource: Set<String>]

    private(set) var byType: [ResourceType: Names] = [:]
    /// Those that are waited for as long as it takes (`initial_fetch_timeout: 0s`).
    private(set) var patient: [ResourceType: Set<String>] = [:]

    subscript(type: ResourceType) -> Names { self.byType[type] ?? [:] }

    init() {}

    init(_ resource: XDSResource, _ type: ResourceType) {
        switch type {
        case .cluster:
            if let cluster = try? Envoy_Config_Cluster_V3_Cluster(serializedBytes: resource.payload) { self.add(cluster) }
        case .listener:
            if let listener = try? Envoy_Config_Listener_V3_Listener(serializedBytes: resource.payload) { self.add(listener) }
        case .endpoints, .routes, .secret:
            break
        }
    }

    mutating func merge(_ other: ResourceReferences) {
        for (type, names) in other.byType {
            self.byType[type, default: [:]].merge(names) { $0.union($1) }
        }
        self.patient.merge(other.patient) { $0.union($1) }
    }

    /// All names of a type, from wherever.
    func names(of type: ResourceType) -> Set<String> { self[type].values.reduce(into: []) { $0.formUnion($1) } }

    private mutating func add(_ cluster: Envoy_Config_Cluster_V3_Cluster) {
        if cluster.type == .eds {
            let service = cluster.edsClusterConfig.serviceName
            self.add(.endpoints, service.isEmpty ? cluster.name : service, cluster.edsClusterConfig.edsConfig)
        }
        for socket in [cluster.transportSocket] + cluster.transportSocketMatches.map(\.transportSocket) { self.add(socket) }
    }

    private mutating func add(_ listener: Envoy_Config_Listener_V3_Listener) {
        for chain in Self.chains(of: listener) { self.add(chain.transportSocket) }
        for manager in Self.connectionManagers(in: listener) {
            if case .rds(let rds)? = manager.routeSpecifier { self.add(.routes, rds.routeConfigName, rds.configSource) }
        }
    }

    private mutating func add(_ socket: Envoy_Config_Core_V3_TransportSocket) {
        typealias Upstream = Envoy_Extensions_TransportSockets_Tls_V3_UpstreamTlsContext
        typealias Downstream = Envoy_Extensions_TransportSockets_Tls_V3_DownstreamTlsContext
        guard case .typedConfig(let any)? = socket.configType else { return }
        let tls =
            (try? Upstream(unpackingAny: any))?.commonTlsContext ?? (try? Downstream(unpackingAny: any))?.commonTlsContext
        guard let tls else { return }
        var secrets = tls.tlsCertificateSdsSecretConfigs
        switch tls.validationContextType {
        case .validationContextSdsSecretConfig(let secret): secrets.append(secret)
        case .combinedValidationContext(let combined): secrets.append(combined.validationContextSdsSecretConfig)
        case .validationContext, nil: break
        }
        // Without a source it stands in the bootstrap.
        for secret in secrets where secret.hasSdsConfig { self.add(.secret, secret.name, secret.sdsConfig) }
    }

    private mutating func add(_ type: ResourceType, _ name: String, _ source: Envoy_Config_Core_V3_ConfigSource) {
        let decoded =
            source.configSourceSpecifier == nil
            ? .aggregated : try? ConfigurationSourceDecoder.decode(source, path: "", typeURL: "")
        guard let decoded else { return }
        self.byType[type, default: [:]][decoded, default: []].insert(name)
        let timeout = source.initialFetchTimeout
        if source.hasInitialFetchTimeout, timeout.seconds == 0, timeout.nanos == 0 {
            self.patient[type, default: []].insert(name)
        }
    }

    private static func chains(of listener: Envoy_Config_Listener_V3_Listener) -> [Envoy_Config_Listener_V3_FilterChain] {
        listener.filterChains + (listener.hasDefaultFilterChain ? [listener.defaultFilterChain] : [])
    }

    static func connectionManagers(
        in listener: Envoy_Config_Listener_V3_Listener
    ) -> [Envoy_Extensions_Filters_Network_HttpConnectionManager_V3_HttpConnectionManager] {
        Self.chains(of: listener).flatMap(\.filters).compactMap { filter in
            guard case .typedConfig(let any)? = filter.configType else { return nil }
            return try? Envoy_Extensions_Filters_Network_HttpConnectionManager_V3_HttpConnectionManager(unpackingAny: any)
        }
    }
}
