// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import MeshModel
import MeshResources
import SwiftProtobuf
import Translation

/// A small mesh: `auth` (v1, v2) and `db` (TCP) in `default`, called by `client`.
struct MeshFixture {
    var resources: [ValidatedResource] = []
    var configuration = MeshConfiguration()
    var client = ProxyNode(
        id: "sidecar~127.64.0.1~client.default~default.svc.cluster.local", address: "127.64.0.1", name: "client",
        namespace: "default", serviceAccount: "client", labels: ["app": "client"], httpProxyPort: 15003,
        upstreams: [
            .init(host: "auth.default.svc.cluster.local", port: 8080, listenAddress: "127.0.0.1", listenPort: 9091),
            .init(host: "db.default.svc.cluster.local", port: 3306, listenAddress: "127.0.0.1", listenPort: 9092),
        ])
    var server = ProxyNode(
        id: "sidecar~127.64.0.2~auth-v1.default~default.svc.cluster.local", address: "127.64.0.2", name: "auth-v1",
        namespace: "default", serviceAccount: "auth", labels: ["app": "auth", "version": "v1"],
        inbound: [
            .init(port: 8080, name: "http", listenPort: 15006, applicationAddress: "127.0.0.1", applicationPort: 9001),
            .init(port: 3306, name: "tcp-db", listenPort: 15106, applicationAddress: "127.0.0.1", applicationPort: 9002),
        ])

    init() {
        add(.service, "auth", spec: ["selector": ["app": "auth"], "ports": [["name": "http", "port": 8080]]])
        add(.service, "db", spec: ["selector": ["app": "db"], "ports": [["name": "tcp-db", "port": 3306]]])
        entry("auth-v1", "127.64.0.2", labels: ["app": "auth", "version": "v1"])
        entry("auth-v2", "127.64.0.3", labels: ["app": "auth", "version": "v2"])
    }

    mutating func entry(_ name: String, _ address: String, labels: ManifestValue) {
        add(
            .workloadEntry, name,
            spec: [
                "address": ManifestValue(.string(address)), "labels": labels, "serviceAccount": "auth", "ports": ["http": 15006],
            ])
    }

    mutating func add(_ kind: ResourceKind, _ name: String, in namespace: String = "default", spec: ManifestValue) {
        let metadata: ManifestValue = [
            "name": ManifestValue(.string(name)), "namespace": ManifestValue(.string(namespace)),
        ]
        let tree: ManifestValue = [
            "apiVersion": ManifestValue(.string(kind.storageAPIVersion)), "kind": ManifestValue(.string(kind.name)),
            "metadata": metadata, "spec": spec,
        ]
        resources.append(ValidatedResource(stored: UnvalidatedResource(kind: kind, version: "v1", tree: tree)))
    }

    var snapshot: MeshSnapshot { MeshSnapshotBuilder(configuration: configuration).build(resources, generation: 1) }

    func resources(for node: ProxyNode) -> GeneratedResources { MeshTranslation(snapshot: snapshot).resources(for: node) }

    func cluster(_ name: String) throws -> Envoy_Config_Cluster_V3_Cluster? {
        try resources(for: client).resource(name, ofType: TypeURL.cluster)
            .map { try Envoy_Config_Cluster_V3_Cluster(serializedBytes: $0.body.value) }
    }

    /// Routes of `auth` as the HTTP proxy port sees them.
    func routes(_ host: String = "auth.default.svc.cluster.local:8080") throws -> [Envoy_Config_Route_V3_Route] {
        guard let table = resources(for: client).resource("http_proxy", ofType: TypeURL.routes) else { return [] }
        let decoded = try Envoy_Config_Route_V3_RouteConfiguration(serializedBytes: table.body.value)
        return decoded.virtualHosts.first { $0.name == host }?.routes ?? []
    }

    func listener(_ name: String, of node: ProxyNode) throws -> Envoy_Config_Listener_V3_Listener? {
        try resources(for: node).resource(name, ofType: TypeURL.listener)
            .map { try Envoy_Config_Listener_V3_Listener(serializedBytes: $0.body.value) }
    }
}
