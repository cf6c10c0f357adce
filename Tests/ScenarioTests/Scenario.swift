// SPDX-License-Identifier: Apache-2.0
import Foundation
import MeshResources
import Yams

/// One folder of `Scenarios/`: what users write, the calls that are then made, and what must come of each.
struct Scenario: CustomStringConvertible, Sendable {
    struct Call: Decodable, Sendable {
        var name: String
        // Outbound, from the client's sidecar.
        var labels: [String: String]?
        /// `http://auth-service:8080/login?a=b`, through the HTTP proxy port.
        var url: String?
        /// `127.0.0.1:9092`, a local port of the sidecar.
        var upstream: String?
        /// The client speaks TLS through it, and asks for this name.
        var sni: String?
        // Inbound, at the sidecar of a workload.
        /// `auth-v1`.
        var to: String?
        /// `cluster.local/ns/default/sa/client`; absent: a plaintext client.
        var peer: String?
        // Both.
        var method: String?
        var path: String?
        var host: String?
        var headers: [String: String]?
        /// Only what stands here is compared.
        var expect: [String: String]
    }

    var name: String
    var resources: [ValidatedResource]
    var calls: [Call]

    var description: String { name }

    static var root: URL { URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Scenarios") }

    static var names: [String] {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: root.path())) ?? []
        return entries.filter { !$0.contains(".") }.sorted()
    }

    struct InvalidInput: Error, CustomStringConvertible {
        var description: String
    }

    /// The mesh that all of them start from.
    static func base() throws -> [ValidatedResource] {
        let text = try String(contentsOf: root.appending(path: "base.yaml"), encoding: .utf8)
        return ManifestReader().read(text).compactMap(\.validated)
    }

    /// Goes through the same reader and validation as `malla apply`.
    static func load(_ name: String) throws -> Scenario {
        let folder = root.appending(path: name)
        let texts = try [root.appending(path: "base.yaml"), folder.appending(path: "input.yaml")]
            .map { try String(contentsOf: $0, encoding: .utf8) }
        let documents = ManifestReader().read(texts.joined(separator: "\n---\n"))
        let errors = documents.flatMap(\.diagnostics).filter(\.isError).map { $0.rendered(file: name) }
        guard errors.isEmpty else { throw InvalidInput(description: errors.joined(separator: "\n")) }
        let calls = try String(contentsOf: folder.appending(path: "calls.yaml"), encoding: .utf8)
        return Scenario(
            name: name, resources: documents.compactMap(\.validated), calls: try YAMLDecoder().decode([Call].self, from: calls))
    }
}
