// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import MeshModel
import MeshResources
import SwiftProtobuf

/// What a consistent-hash balancer hashes; Envoy wants that on the route, Istio has it in the DestinationRule.
enum HashPolicyTranslation {
    static func policies(for cluster: ClusterName, node: ProxyNode, snapshot: MeshSnapshot) -> [Wire.RouteAction.HashPolicy] {
        guard let service = snapshot.service(cluster.host, visibleIn: node.namespace),
            let rule = snapshot.destinationRules.rule(for: service, from: node.namespace, labels: node.labels)?.specification
        else { return [] }
        let subset = rule.subsets.first { $0.name == cluster.subset }?.trafficPolicy
        let policy = EffectiveTrafficPolicy(rule: rule.trafficPolicy, subset: subset, port: cluster.port)
        guard let key = policy.loadBalancer?.consistentHash?.key else { return [] }
        return [
            .with {
                switch key {
                case .header(let name): $0.header.headerName = name
                case .sourceIP: $0.connectionProperties.sourceIp = true
                case .queryParameter(let name): $0.queryParameter.name = name
                case .cookie(let name, let path, let ttl):
                    $0.cookie.name = name
                    if let path { $0.cookie.path = path }
                    if let ttl { $0.cookie.ttl = WireValues.duration(ttl) }
                }
            }
        ]
    }
}
