// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import SwiftProtobuf
import XDSProtocol

extension ResourceTable {
    /// What a bootstrap holds itself, without the cluster that only leads to the control plane.
    package init(statics bootstrap: ProxyBootstrap) throws {
        self.init()
        var own: Set<String> = ["sds-grpc"]
        for service in bootstrap.message.dynamicResources.adsConfig.grpcServices { own.insert(service.envoyGrpc.clusterName) }
        let resources = bootstrap.message.staticResources
        for cluster in resources.clusters where !own.contains(cluster.name) {
            self.apply(.cluster, upserted: [try Self.resource(cluster.name, cluster)], removed: [])
        }
        for (index, listener) in resources.listeners.enumerated() {
            let name = listener.name.isEmpty ? "static_listener_\(index)" : listener.name
            var named = listener
            named.name = name
            self.apply(.listener, upserted: [try Self.resource(name, named)], removed: [])
        }
        for secret in resources.secrets {
            self.apply(.secret, upserted: [try Self.resource(secret.name, secret)], removed: [])
        }
    }

    private static func resource(_ name: String, _ message: some Message) throws -> XDSResource {
        XDSResource(name: name, payload: try message.serializedBytes())
    }
}
