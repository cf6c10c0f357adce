// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import MeshModel
import MeshResources
import SwiftProtobuf

/// Where the bytes of a client that speaks TLS go, by the server name that it asks for. TLS is not ended here.
struct TLSRouteTranslation {
    struct Branch: Hashable {
        /// Empty: every name, and none.
        var serverNames: [String]
        var destinations: [TCPProxyTranslation.Destination]
    }

    var node: ProxyNode
    var snapshot: MeshSnapshot

    /// In the order of the rules: a name belongs to the first that has it.
    func branches(of host: String, port: Int) -> [Branch] {
        let host = snapshot.service(host, visibleIn: node.namespace)?.hostname ?? host
        guard let rule = snapshot.virtualServices.rule(for: host, visibleIn: node.namespace) else { return [] }
        let routes = TCPRouteTranslation(node: node, snapshot: snapshot)
        var branches: [Branch] = []
        var taken: Set<String> = []
        for route in rule.specification.tls {
            for match in route.match where routes.applies(match, port: port) {
                let names = match.sniHosts.map { $0.lowercased() }.filter { taken.insert($0).inserted }
                guard !names.isEmpty else { continue }
                let destinations = routes.destinations(route.route, of: rule, port: port)
                guard !destinations.isEmpty else { continue }
                let named = names.filter { $0 != "*" }
                if !named.isEmpty { branches.append(Branch(serverNames: named, destinations: destinations)) }
                if names.contains("*") { branches.append(Branch(serverNames: [], destinations: destinations)) }
            }
        }
        return branches
    }
}
