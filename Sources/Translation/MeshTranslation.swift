// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
package import MeshModel
import MeshResources

/// Istio to xDS: one proxy and the mesh in, its resources out. Nothing else goes in, and nothing but values comes out.
package struct MeshTranslation: Sendable {
    package let snapshot: MeshSnapshot

    package init(snapshot: MeshSnapshot) { self.snapshot = snapshot }

    /// Everything the proxy gets; what it cannot reach is not in it.
    package func resources(for node: ProxyNode) -> GeneratedResources {
        var result = GeneratedResources()
        let telemetry = snapshot.telemetry(namespace: node.namespace, labels: node.labels)
        let inbound = InboundTranslation(
            node: node, snapshot: snapshot, authorization: AuthorizationTranslation(node: node, snapshot: snapshot),
            telemetry: telemetry)
        let outbound = OutboundListeners(node: node, snapshot: snapshot, telemetry: telemetry)
        let tables = OutboundRouteTables(node: node, snapshot: snapshot)

        let clusters = OutboundClusters(node: node, snapshot: snapshot)
        for service in reachable(from: node) {
            for cluster in clusters.clusters(of: service) {
                result.insert(GeneratedResource(name: cluster.name, message: cluster))
            }
            for assignment in clusters.assignments(of: service) {
                result.insert(GeneratedResource(name: assignment.clusterName, message: assignment))
            }
        }
        for cluster in inbound.clusters() + [OutboundClusters.blackHole(snapshot.configuration)] {
            result.insert(GeneratedResource(name: cluster.name, message: cluster))
        }
        for listener in inbound.listeners() + outbound.listeners() {
            result.insert(GeneratedResource(name: listener.name, message: listener))
        }
        for table in tables.tables() { result.insert(GeneratedResource(name: table.name, message: table)) }
        return result
    }

    /// The endpoints of one cluster alone; nil for a cluster that has none by EDS. A change of workloads that leaves the
    /// identities of their service alone changes nothing but these.
    package func endpoints(of clusterName: String, for node: ProxyNode) -> GeneratedResource? {
        guard let name = ClusterName(clusterName), name.direction == .outbound,
            let service = snapshot.service(name.host, visibleIn: node.namespace), service.hostname == name.host
        else { return nil }
        let assignments = OutboundClusters(node: node, snapshot: snapshot).assignments(of: service)
        return assignments.first { $0.clusterName == clusterName }
            .map { GeneratedResource(name: $0.clusterName, message: $0) }
    }

    /// With the HTTP proxy port: every service that its namespace sees. Without: its upstreams, and where their rules lead.
    private func reachable(from node: ProxyNode) -> [Service] {
        if node.httpProxyPort != nil { return snapshot.services(visibleIn: node.namespace) }
        var found: [String: Service] = [:]
        for upstream in node.upstreams {
            for host in [upstream.host] + destinations(of: upstream.host, node: node) {
                if let service = snapshot.service(host, visibleIn: node.namespace) { found[service.hostname] = service }
            }
        }
        return found.values.sorted { $0.hostname < $1.hostname }
    }

    private func destinations(of host: String, node: ProxyNode) -> [String] {
        guard let rule = snapshot.virtualServices.rule(for: host, visibleIn: node.namespace) else { return [] }
        let http = rule.specification.http.flatMap { $0.route.map(\.destination) + $0.mirrors.map(\.destination) }
        let tcp = rule.specification.tcp.flatMap { $0.route.map(\.destination) }
        return (http + tcp).map {
            Hostname.resolve($0.host, namespace: rule.namespace, domain: snapshot.configuration.domain)
        }
    }
}
