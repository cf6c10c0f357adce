// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import SwiftProtobuf
import XDSProtocol

/// Which endpoints and routes the clusters and listeners of a table ask for: these names are subscribed to.
enum ResourceReferences {
    /// A resource that cannot be read names nothing; decoding says what is wrong with it.
    static func endpoints(in table: ResourceTable) -> Set<String> {
        var names: Set<String> = []
        for resource in table[.cluster] {
            guard let cluster = try? Envoy_Config_Cluster_V3_Cluster(serializedBytes: resource.payload), cluster.type == .eds
            else { continue }
            let service = cluster.edsClusterConfig.serviceName
            names.insert(service.isEmpty ? cluster.name : service)
        }
        return names
    }

    static func routes(in table: ResourceTable) -> Set<String> {
        var names: Set<String> = []
        for manager in table[.listener].flatMap({ Self.connectionManagers(in: $0) }) {
            if case .rds(let source)? = manager.routeSpecifier { names.insert(source.routeConfigName) }
        }
        return names
    }

    static func connectionManagers(
        in resource: XDSResource
    ) -> [Envoy_Extensions_Filters_Network_HttpConnectionManager_V3_HttpConnectionManager] {
        guard let listener = try? Envoy_Config_Listener_V3_Listener(serializedBytes: resource.payload) else { return [] }
        let chains = listener.filterChains + (listener.hasDefaultFilterChain ? [listener.defaultFilterChain] : [])
        return chains.flatMap(\.filters).compactMap { filter in
            guard case .typedConfig(let any)? = filter.configType else { return nil }
            return try? Envoy_Extensions_Filters_Network_HttpConnectionManager_V3_HttpConnectionManager(unpackingAny: any)
        }
    }
}
