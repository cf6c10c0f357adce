// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import Foundation
import MeshResources
import MeshTestKit
import Testing
import XDSClient
import XDSProtocol

/// A proxy that does not take what it is sent: seen in `proxy-status` and on the resource that it comes from.
@Suite(.enabled(if: MallaProcess.binary != nil, "malla is not built"), .timeLimit(.minutes(2)))
struct RejectionTests {
    /// Takes everything but what it is told to refuse.
    private struct PickyProxy: ResourceUpdateHandler {
        /// A text in a resource → what is said about it.
        let refused: [(text: String, message: String)]

        func apply(_ update: ResourceUpdate) async -> UpdateVerdict {
            let texts = update.upserted.map { String(decoding: $0.payload, as: UTF8.self) }
            let found = refused.first { refusal in texts.contains { $0.contains(refusal.text) } }
            return found.map { .rejected($0.message) } ?? .accepted
        }
    }

    private static let rules = "/apis/networking.istio.io/v1/namespaces/default/destinationrules"
    private static let services = "/apis/networking.istio.io/v1/namespaces/default/virtualservices"

    @Test func `a rejection is a condition of the resource that caused it, until the proxy takes it`() async throws {
        try await MallaProcess.withDirectory { directory in
            let malla = try await MallaProcess.start(directory)
            try await Self.makeMesh(malla)
            let client = try await malla.proxy(address: "127.64.9.1", account: "default")
            client.subscribe(to: .routes, names: ["http_proxy"])
            let proxy = PickyProxy(refused: [
                ("v2|auth", "Error adding/updating cluster(s) outbound|8080|v2|auth.default.svc.cluster.local: not today"),
                ("/forbidden", "duplicate route of auth.default.svc.cluster.local:8080"),
            ])
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try? await client.run(proxy) }
                try await waitUntil("everything is taken", within: .seconds(20)) { try await malla.states("RDS") == ["SYNCED"] }

                try await malla.put(Self.rules + "/auth", Self.rule("auth", subset: "v2"))
                try await malla.put(Self.rules + "/pay", Self.rule("pay", subset: "v3"))
                try await waitUntil("the condition of a cluster", within: .seconds(20)) {
                    try await malla.rejection(Self.rules + "/auth")?.contains("not today") == true
                }
                #expect(try await malla.states("CDS") == ["ERROR"])
                #expect(try await malla.rejection(Self.rules + "/pay") == nil)
                #expect(try await malla.rejection(Self.services + "/auth") == nil)

                try await malla.put(Self.services + "/auth", Self.service("auth", prefix: "/forbidden"))
                try await waitUntil("the condition of a route", within: .seconds(20)) {
                    try await malla.rejection(Self.services + "/auth")?.hasPrefix("sidecar~127.64.9.1~") == true
                }
                #expect(try await malla.rejection(Self.services + "/pay") == nil)

                try await malla.put(Self.rules + "/auth", Self.rule("auth", subset: "v1"))
                try await malla.put(Self.services + "/auth", Self.service("auth", prefix: "/allowed"))
                try await waitUntil("the conditions to go", within: .seconds(20)) {
                    let left = [
                        try await malla.rejection(Self.rules + "/auth"), try await malla.rejection(Self.services + "/auth"),
                    ]
                    return left == [nil, nil]
                }
                group.cancelAll()
            }
            await malla.kill(SIGTERM)
        }
    }

    @Test(.enabled(if: StockEnvoy.path != nil, "envoy is not installed"))
    func `what a stock Envoy rejects is a condition too`() async throws {
        try await MallaProcess.withDirectory { directory in
            let malla = try await MallaProcess.start(directory)
            try await Self.makeMesh(malla)
            let envoy = try await StockEnvoy.start(malla, directory: directory)
            defer { envoy.signal(SIGKILL) }
            try await waitUntil("Envoy to take everything", within: .seconds(30)) { try await malla.states("CDS") == ["SYNCED"] }
            // Valid as far as anybody can see from here; only the proxy knows that it has no such file.
            let tls: ManifestValue = ["tls": ["mode": "SIMPLE", "caCertificates": "/nonexistent/ca.pem"]]
            try await malla.put(Self.rules + "/pay", Self.rule("pay", subset: "v3", policy: tls))
            try await waitUntil("the condition", within: .seconds(30)) {
                try await malla.rejection(Self.rules + "/pay")?.contains("/nonexistent/ca.pem") == true
            }
            #expect(try await malla.states("CDS") == ["ERROR"])
            #expect(try await malla.rejection(Self.rules + "/auth") == nil)
            try await malla.put(Self.rules + "/pay", Self.rule("pay", subset: "v3"))
            try await waitUntil("the condition to go", within: .seconds(30)) {
                try await malla.rejection(Self.rules + "/pay") == nil
            }
            await malla.kill(SIGTERM)
        }
    }

    // MARK: What users write

    private static func makeMesh(_ malla: MallaProcess) async throws {
        for name in ["auth", "pay"] {
            let spec: ManifestValue = ["selector": ["app": .init(.string(name))], "ports": [["name": "http", "port": 8080]]]
            try await malla.post("/api/v1/namespaces/default/services", object("v1", "Service", name, spec))
            try await malla.post(rules, rule(name, subset: "v1"))
            try await malla.post(services, service(name, prefix: "/allowed"))
        }
    }

    private static func rule(_ name: String, subset: String, policy: ManifestValue? = nil) -> ManifestValue {
        var spec: ManifestValue = [
            "host": .init(.string(name)),
            "subsets": [["name": .init(.string(subset)), "labels": ["version": .init(.string(subset))]]],
        ]
        spec["trafficPolicy"] = policy
        return object("networking.istio.io/v1", "DestinationRule", name, spec)
    }

    private static func service(_ name: String, prefix: String) -> ManifestValue {
        let route: ManifestValue = [
            "match": [["uri": ["prefix": .init(.string(prefix))]]], "route": [["destination": ["host": .init(.string(name))]]],
        ]
        return object(
            "networking.istio.io/v1", "VirtualService", name, ["hosts": [.init(.string(name))], "http": [route]])
    }

    private static func object(_ version: String, _ kind: String, _ name: String, _ spec: ManifestValue) -> ManifestValue {
        [
            "apiVersion": .init(.string(version)), "kind": .init(.string(kind)), "metadata": ["name": .init(.string(name))],
            "spec": spec,
        ]
    }
}

extension MallaProcess {
    fileprivate func post(_ path: String, _ tree: ManifestValue) async throws {
        let status = try await send("POST", path, JSONTreeWriter.compact(tree))
        try #require(status == 201)
    }

    /// Replaces without asking what was there.
    fileprivate func put(_ path: String, _ tree: ManifestValue) async throws {
        let status = try await send("PUT", path, JSONTreeWriter.compact(tree))
        try #require((200...201).contains(status))
    }

    /// What is said against the resource; nil when nothing is.
    fileprivate func rejection(_ path: String) async throws -> String? {
        let conditions = try await get(path)["status"]?["conditions"]?.array ?? []
        return conditions.first { $0.string("type") == "Reconciled" && $0.string("status") == "False" }?.string("message")
    }

    fileprivate func states(_ type: String) async throws -> [String] {
        (try await get("/debug/syncz").array ?? []).compactMap { $0["types"]?[type]?.string("state") }
    }
}
