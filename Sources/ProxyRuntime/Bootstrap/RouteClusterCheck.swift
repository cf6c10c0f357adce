// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import SwiftProtobuf

/// Whether routes that stand in a listener name clusters that there are. Routes that are delivered may come before their clusters, and
/// `validate_clusters: false` says as much of those in a file (RouteConfiguration, default true where it stands in a listener).
struct RouteClusterCheck {
    let clusters: Set<String>

    /// - Parameter place: Of the listener, in the file.
    func check(_ listener: Envoy_Config_Listener_V3_Listener, _ place: String) throws(BootstrapError) {
        for (index, chain) in listener.filterChains.enumerated() { try self.check(chain, "\(place).filter_chains[\(index)]") }
        if listener.hasDefaultFilterChain { try self.check(listener.defaultFilterChain, "\(place).default_filter_chain") }
    }

    private func check(_ chain: Envoy_Config_Listener_V3_FilterChain, _ place: String) throws(BootstrapError) {
        typealias Manager = Envoy_Extensions_Filters_Network_HttpConnectionManager_V3_HttpConnectionManager
        for (index, filter) in chain.filters.enumerated() where filter.typedConfig.isA(Manager.self) {
            // One that cannot be read has been refused before.
            guard let manager = try? Manager(unpackingAny: filter.typedConfig),
                case .routeConfig(let table)? = manager.routeSpecifier
            else { continue }
            try self.check(table, "\(place).filters[\(index)].typed_config.route_config")
        }
    }

    private func check(_ table: Envoy_Config_Route_V3_RouteConfiguration, _ place: String) throws(BootstrapError) {
        guard !table.hasValidateClusters || table.validateClusters.value else { return }
        for (index, host) in table.virtualHosts.enumerated() {
            for (inner, route) in host.routes.enumerated() {
                guard case .route(let action)? = route.action else { continue }
                try self.check(action, "\(place).virtual_hosts[\(index)].routes[\(inner)].route")
            }
        }
    }

    private func check(_ action: Envoy_Config_Route_V3_RouteAction, _ place: String) throws(BootstrapError) {
        switch action.clusterSpecifier {
        case .cluster(let name): try self.check(name, "\(place).cluster")
        case .weightedClusters(let weighted):
            for (index, cluster) in weighted.clusters.enumerated() {
                try self.check(cluster.name, "\(place).weighted_clusters.clusters[\(index)].name")
            }
        default: break
        }
        for (index, mirror) in action.requestMirrorPolicies.enumerated() {
            try self.check(mirror.cluster, "\(place).request_mirror_policies[\(index)].cluster")
        }
    }

    private func check(_ cluster: String, _ place: String) throws(BootstrapError) {
        guard !cluster.isEmpty, !self.clusters.contains(cluster) else { return }
        throw BootstrapError(
            path: place,
            reason: "'\(cluster)' is not among static_resources.clusters; route_config.validate_clusters: false if it comes later")
    }
}
