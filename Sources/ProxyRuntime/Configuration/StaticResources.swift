// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import ProxyModel
import SwiftProtobuf
import XDSProtocol

extension ResourceTable {
    /// What a bootstrap holds itself, without the clusters that only lead to the mesh's own control plane.
    package init(statics bootstrap: ProxyBootstrap) throws {
        self.init()
        let own = Self.controlPlaneClusters(bootstrap)
        let resources = bootstrap.message.staticResources
        for cluster in resources.clusters where !own.contains(cluster.name) {
            self.apply(.cluster, upserted: [try Self.resource(cluster.name, cluster)], removed: [])
        }
        for (index, listener) in resources.listeners.enumerated() {
            let named = Self.named(listener, index: index)
            self.apply(.listener, upserted: [try Self.resource(named.name, named)], removed: [])
        }
        for secret in resources.secrets {
            self.apply(.secret, upserted: [try Self.resource(secret.name, secret)], removed: [])
        }
    }

    /// Clusters that only lead to the mesh's own control plane: the data plane does not run them.
    static func controlPlaneClusters(_ bootstrap: ProxyBootstrap) -> Set<String> {
        guard bootstrap.hasIdentity, let aggregated = bootstrap.aggregated else { return [] }
        return [aggregated.cluster, "sds-grpc"]
    }

    /// A listener of a bootstrap needs no name.
    static func named(
        _ listener: Envoy_Config_Listener_V3_Listener, index: Int
    ) -> Envoy_Config_Listener_V3_Listener {
        var named = listener
        if named.name.isEmpty { named.name = "static_listener_\(index)" }
        return named
    }

    private static func resource(_ name: String, _ message: some Message) throws -> XDSResource {
        XDSResource(name: name, payload: try message.serializedBytes())
    }
}
