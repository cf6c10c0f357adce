// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import MeshModel
import MeshResources
import SwiftProtobuf

/// The routes of one host and port, in the order in which they are tried.
struct VirtualHostRoutes {
    var node: ProxyNode
    var snapshot: MeshSnapshot
    var host: String
    var port: Int

    func routes() -> [Wire.Route] {
        guard let rule = snapshot.virtualServices.rule(for: host, visibleIn: node.namespace), !rule.specification.http.isEmpty
        else { return [standard] }
        let translation = HTTPRouteTranslation(node: node, snapshot: snapshot, rule: rule, port: port)
        var routes: [Wire.Route] = []
        for route in rule.specification.http {
            let own = translation.routes(route)
            routes += own
            // Nothing after a route that takes everything can be reached.
            if own.contains(where: RouteMatchTranslation.takesEverything) { break }
        }
        return routes
    }

    /// Of a service without a VirtualService.
    private var standard: Wire.Route {
        let service = snapshot.service(host, visibleIn: node.namespace)?.hostname ?? host
        return .with {
            $0.name = "default"
            $0.match.prefix = "/"
            $0.decorator.operation = "\(host):\(port)/*"
            $0.route = RouteActionTranslation.to(ClusterName.outbound(service, port: port).description)
            let hash = HashPolicyTranslation.policies(
                for: .outbound(service, port: port), node: node, snapshot: snapshot)
            $0.route.hashPolicy = hash
            if let retry = RetryTranslation.standard(snapshot.configuration, avoidTriedHosts: hash.isEmpty) {
                $0.route.retryPolicy = retry
            }
        }
    }
}
