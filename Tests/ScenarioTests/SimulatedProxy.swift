// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import HTTP1
import MeshModel
import MeshResources
import ProxyCore
import ProxyModel
import SwiftProtobuf
import Translation
import XDSDecoding

/// A sidecar without sockets: what the control plane makes for it, decoded as it decodes it.
struct SimulatedProxy {
    let node: ProxyNode
    let snapshot: ProxySnapshot

    init(_ node: ProxyNode, mesh: MeshSnapshot) throws {
        self.node = node
        var snapshot = ProxySnapshot()
        let generated = MeshTranslation(snapshot: mesh).resources(for: node)
        for resource in TypeURL.pushOrder.flatMap(generated.resources) {
            let decoded = try ResourceDecoder.decode(
                typeURL: resource.typeURL, name: resource.name, payload: Array(resource.body.value))
            switch decoded {
            case .listener(let listener): snapshot.listeners[resource.name] = listener
            case .routes(let table): snapshot.routeTables[resource.name] = table
            case .cluster(let cluster): snapshot.clusters[resource.name] = cluster
            case .endpoints(let name, let set): snapshot.endpoints[name] = set
            case .secret(let name, let secret): snapshot.secrets[name] = secret
            }
        }
        self.snapshot = snapshot
    }

    /// The client of every outbound call.
    static func client(labels: [String: String]?, mesh: MeshSnapshot) throws -> SimulatedProxy {
        let node = ProxyNode(
            id: "sidecar~127.64.0.1~client.default~default.svc.cluster.local", address: "127.64.0.1", name: "client",
            namespace: "default", serviceAccount: "client", labels: labels ?? ["app": "client"], httpProxyPort: 15003,
            upstreams: [
                .init(host: "db.default.svc.cluster.local", port: 5432, listenAddress: "127.0.0.1", listenPort: 9092),
                .init(host: "auth-service.default.svc.cluster.local", port: 8080, listenAddress: "127.0.0.1", listenPort: 9091),
            ]
                + (mesh.service("outside.example", visibleIn: "default") == nil
                    ? [] : [.init(host: "outside.example", port: 443, listenAddress: "127.0.0.1", listenPort: 9093)]))
        return try SimulatedProxy(node, mesh: mesh)
    }

    /// The sidecar of a WorkloadEntry.
    static func server(_ name: String, mesh: MeshSnapshot) throws -> SimulatedProxy? {
        guard let workload = mesh.workloads.first(where: { $0.name == name }) else { return nil }
        let ports = mesh.services(selecting: workload.labels, namespace: workload.namespace).flatMap(\.ports)
        let node = ProxyNode(
            id: "sidecar~\(workload.address)~\(name).\(workload.namespace)~\(workload.namespace).svc.cluster.local",
            address: workload.address, name: name, namespace: workload.namespace,
            serviceAccount: workload.serviceAccount ?? "default", labels: workload.labels,
            inbound: ports.map {
                .init(
                    port: $0.number, name: $0.name, listenPort: workload.port(for: $0), applicationAddress: "127.0.0.1",
                    applicationPort: 9001)
            })
        return try SimulatedProxy(node, mesh: mesh)
    }
}
