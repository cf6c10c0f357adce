// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import MeshModel
import MeshResources
import SwiftProtobuf

/// Where the bytes of a TCP upstream go.
struct TCPRouteTranslation {
    var node: ProxyNode
    var snapshot: MeshSnapshot

    func destinations(of host: String, port: Int) -> [TCPProxyTranslation.Destination] {
        let host = snapshot.service(host, visibleIn: node.namespace)?.hostname ?? host
        let straight = [
            TCPProxyTranslation.Destination(cluster: ClusterName.outbound(host, port: port).description, weight: 100)
        ]
        guard let rule = snapshot.virtualServices.rule(for: host, visibleIn: node.namespace),
            let route = rule.specification.tcp.first(where: { $0.match.isEmpty || $0.match.contains { applies($0, port: port) } })
        else { return straight }
        let destinations = destinations(route.route, of: rule, port: port)
        return destinations.isEmpty ? straight : destinations
    }

    /// Those of a rule that get anything.
    func destinations(
        _ route: [WeightedDestination], of rule: Configured<VirtualService>, port: Int
    ) -> [TCPProxyTranslation.Destination] {
        let translation = DestinationTranslation(node: node, snapshot: snapshot, ruleNamespace: rule.namespace, requestPort: port)
        return (route.count == 1 ? route : route.filter { $0.weight > 0 }).map {
            TCPProxyTranslation.Destination(
                cluster: translation.cluster($0.destination).description, weight: max($0.weight, 1))
        }
    }

    /// Subnets of the original destination never match: an upstream port has none.
    func applies(_ match: L4Match, port: Int) -> Bool {
        if let wanted = match.port, wanted != port { return false }
        if !match.destinationSubnets.isEmpty { return false }
        if let namespace = match.sourceNamespace, namespace != node.namespace { return false }
        if !match.gateways.isEmpty, !match.gateways.contains("mesh") { return false }
        return LabelMatch.matches(match.sourceLabels, node.labels)
    }
}
