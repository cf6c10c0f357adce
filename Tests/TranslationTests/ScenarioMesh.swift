// SPDX-License-Identifier: Apache-2.0
import Foundation
import MeshModel
import MeshResources

/// The meshes of `ScenarioTests`, for whoever wants many of them.
enum ScenarioMesh {
    static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../ScenarioTests/Scenarios").standardizedFileURL

    static var names: [String] {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: root.path())) ?? []
        return entries.filter { !$0.contains(".") }.sorted()
    }

    static func snapshot(_ name: String) throws -> MeshSnapshot {
        let texts = try ["base.yaml", "\(name)/input.yaml"].map {
            try String(contentsOf: root.appending(path: $0), encoding: .utf8)
        }
        let documents = ManifestReader().read(texts.joined(separator: "\n---\n"))
        return MeshSnapshotBuilder().build(documents.compactMap(\.validated), generation: 1)
    }

    static let client = ProxyNode(
        id: "sidecar~127.64.0.1~client.default~default.svc.cluster.local", address: "127.64.0.1", name: "client",
        namespace: "default", serviceAccount: "client", labels: ["app": "client"], httpProxyPort: 15003,
        upstreams: [
            .init(host: "auth-service.default.svc.cluster.local", port: 8080, listenAddress: "127.0.0.1", listenPort: 9091),
            .init(host: "db.default.svc.cluster.local", port: 5432, listenAddress: "127.0.0.1", listenPort: 9092),
        ])

    static let server = ProxyNode(
        id: "sidecar~127.64.0.11~auth-v1.default~default.svc.cluster.local", address: "127.64.0.11", name: "auth-v1",
        namespace: "default", serviceAccount: "auth", labels: ["app": "auth", "version": "v1"],
        inbound: [.init(port: 8080, name: "http", listenPort: 15006, applicationAddress: "127.0.0.1", applicationPort: 9001)])
}
