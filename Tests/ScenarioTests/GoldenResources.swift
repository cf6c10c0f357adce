// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import Foundation
import MeshModel
import MeshResources
import SwiftProtobuf
import Testing
import Translation

/// What a scenario's proxies are sent, as YAML that a person can review: the pieces that differ from `base.yaml` alone. The
/// scenario `defaults` shows all of them.
///
/// `MALLA_UPDATE_GOLDEN=1` writes the files anew; look at the difference before it is committed.
struct GoldenResources {
    let text: String
    private let file: URL
    private let name: String

    init(_ scenario: Scenario) throws {
        ExtensionTypes.register()
        name = scenario.name
        file = Scenario.root.appending(path: "\(scenario.name)/resources.golden")
        let mesh = MeshSnapshotBuilder().build(scenario.resources, generation: 1)
        let base = MeshSnapshotBuilder().build(try Scenario.base(), generation: 1)
        let isWhole = scenario.name == "defaults"
        var text = ""
        let servers = Set(scenario.calls.compactMap(\.to)).sorted()
        for server in [nil] + servers.map(Optional.some) {
            guard let now = try Self.pieces(server, mesh) else { continue }
            let before = isWhole ? [:] : try Self.pieces(server, base) ?? [:]
            for name in now.keys.sorted() where now[name] != before[name] {
                text += "--- \(server ?? "client"): \(name)\n\(now[name] ?? "")"
            }
            for name in before.keys.sorted() where now[name] == nil { text += "--- \(server ?? "client"): no \(name)\n" }
        }
        self.text = text
    }

    func compare() throws {
        if ProcessInfo.processInfo.environment["MALLA_UPDATE_GOLDEN"] == "1" {
            return try Data(text.utf8).write(to: file)
        }
        let written = try String(contentsOf: file, encoding: .utf8)
        guard written != text else { return }
        let differing = zip(written.split(separator: "\n"), text.split(separator: "\n")).first { $0 != $1 }
        Issue.record(
            "\(name): resources.golden differs, first \(differing.map { "'\($0)' is now '\($1)'" } ?? "in length"); MALLA_UPDATE_GOLDEN=1 writes it"
        )
    }

    /// Kind and name → version and YAML. Route tables by virtual host, so that a change of one shows alone.
    private static func pieces(_ server: String?, _ mesh: MeshSnapshot) throws -> [String: String]? {
        let proxy = try server.map { try SimulatedProxy.server($0, mesh: mesh) } ?? SimulatedProxy.client(labels: nil, mesh: mesh)
        guard let node = proxy?.node else { return nil }
        let generated = MeshTranslation(snapshot: mesh).resources(for: node)
        var pieces: [String: String] = [:]
        for resource in generated.resources(ofType: TypeURL.cluster) {
            pieces["Cluster \(resource.name)"] = try yaml(Envoy_Config_Cluster_V3_Cluster(serializedBytes: resource.body.value))
        }
        for resource in generated.resources(ofType: TypeURL.endpoints) {
            pieces["Endpoints \(resource.name)"] = try yaml(
                Envoy_Config_Endpoint_V3_ClusterLoadAssignment(serializedBytes: resource.body.value))
        }
        for resource in generated.resources(ofType: TypeURL.listener) {
            pieces["Listener \(resource.name)"] = try yaml(Envoy_Config_Listener_V3_Listener(serializedBytes: resource.body.value))
        }
        for resource in generated.resources(ofType: TypeURL.routes) {
            var table = try Envoy_Config_Route_V3_RouteConfiguration(serializedBytes: resource.body.value)
            for host in table.virtualHosts { pieces["Routes \(resource.name) \(host.name)"] = try yaml(host) }
            table.virtualHosts = []
            pieces["Routes \(resource.name)"] = try yaml(table)
        }
        return pieces
    }

    private static func yaml(_ message: some Message) throws -> String {
        var options = JSONEncodingOptions()
        options.preserveProtoFieldNames = true
        options.useDeterministicOrdering = true
        return YAMLTreeWriter.text(try JSONTreeReader.read(try message.jsonUTF8Data(options: options)))
    }
}
