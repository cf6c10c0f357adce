// SPDX-License-Identifier: Apache-2.0
import MeshModel
import MeshResources
import Testing

@Suite struct MeshSnapshotTests {
    private func resource(
        _ kind: ResourceKind, _ name: String, in namespace: String = "default", created: String = "", _ spec: ManifestValue
    ) -> ValidatedResource {
        let tree: ManifestValue = [
            "metadata": [
                "name": ManifestValue(.string(name)), "namespace": ManifestValue(.string(namespace)),
                "creationTimestamp": ManifestValue(.string(created)),
            ], "spec": spec,
        ]
        return ValidatedResource(stored: UnvalidatedResource(kind: kind, version: "v1", tree: tree))
    }

    private func snapshot(_ resources: ValidatedResource...) -> MeshSnapshot {
        MeshSnapshotBuilder().build(resources, generation: 1)
    }

    @Test func `of two VirtualServices for a host the oldest acts, and an exact host beats a wildcard`() {
        let full = "auth.default.svc.cluster.local"
        let mesh = snapshot(
            resource(.virtualService, "new", created: "2026-02-01T00:00:00Z", ["hosts": ["auth"]]),
            resource(.virtualService, "old", created: "2026-01-01T00:00:00Z", ["hosts": ["auth.default.svc.cluster.local"]]),
            resource(.virtualService, "wild", created: "2025-01-01T00:00:00Z", ["hosts": ["*.cluster.local"]]),
            resource(.virtualService, "edge", created: "2024-01-01T00:00:00Z", ["hosts": ["auth"], "gateways": ["edge"]]),
            resource(
                .virtualService, "own", in: "x", created: "2023-01-01T00:00:00Z",
                ["hosts": ["auth.default.svc.cluster.local"], "exportTo": ["."]]))
        #expect(mesh.virtualServices.rule(for: full, visibleIn: "default")?.name == "old")
        #expect(mesh.virtualServices.rule(for: full, visibleIn: "x")?.name == "own")
        #expect(mesh.virtualServices.rule(for: "pay.default.svc.cluster.local", visibleIn: "default")?.name == "wild")
    }

    @Test func `a DestinationRule is looked up with the caller, then with the service, then in the root namespace`() throws {
        let service = resource(.service, "auth", in: "server", ["ports": [["port": 80]], "selector": ["app": "auth"]])
        let host: ManifestValue = ["host": "auth.server.svc.cluster.local"]
        let mine = resource(.destinationRule, "client", in: "client", host)
        let theirs = resource(.destinationRule, "server", in: "server", host)
        let root = resource(.destinationRule, "root", in: "istio-system", host)
        func name(_ resources: [ValidatedResource], from namespace: String) throws -> String? {
            let mesh = MeshSnapshotBuilder().build(resources + [service], generation: 1)
            let found = try #require(mesh.service("auth.server.svc.cluster.local", visibleIn: namespace))
            return mesh.destinationRules.rule(for: found, from: namespace, labels: [:])?.name
        }
        #expect(try name([mine, theirs, root], from: "client") == "client")
        #expect(try name([mine, theirs, root], from: "other") == "server")
        #expect(try name([mine, root], from: "other") == "root")
        #expect(try name([mine], from: "other") == nil)
    }

    @Test func `PeerAuthentications stack: mesh, namespace, workload, port`() {
        let mesh = snapshot(
            resource(.peerAuthentication, "default", in: "istio-system", ["mtls": ["mode": "STRICT"]]),
            resource(.peerAuthentication, "default", in: "old", ["mtls": ["mode": "DISABLE"]]),
            resource(.peerAuthentication, "unset", in: "same", ["mtls": ["mode": "UNSET"]]),
            resource(
                .peerAuthentication, "one", in: "old",
                [
                    "selector": ["matchLabels": ["app": "a"]], "mtls": ["mode": "PERMISSIVE"],
                    "portLevelMtls": ["9000": ["mode": "STRICT"]],
                ]))
        #expect(mesh.mutualTLSMode(namespace: "any", labels: [:], port: 80) == .strict)
        #expect(mesh.mutualTLSMode(namespace: "same", labels: [:], port: 80) == .strict)
        #expect(mesh.mutualTLSMode(namespace: "old", labels: [:], port: 80) == .disable)
        #expect(mesh.mutualTLSMode(namespace: "old", labels: ["app": "a"], port: 80) == .permissive)
        #expect(mesh.mutualTLSMode(namespace: "old", labels: ["app": "a"], port: 9000) == .strict)
        #expect(snapshot().mutualTLSMode(namespace: "any", labels: [:], port: 80) == .permissive)
    }

    @Test func `services find their workloads and their identities by labels`() throws {
        let mesh = snapshot(
            resource(.service, "auth", ["selector": ["app": "auth"], "ports": [["name": "http", "port": 80]]]),
            resource(
                .workloadEntry, "one",
                ["address": "127.64.0.1", "labels": ["app": "auth"], "serviceAccount": "a", "ports": ["http": 15006]]),
            resource(.workloadEntry, "two", ["address": "127.64.0.2", "labels": ["app": "other"], "serviceAccount": "b"]),
            resource(.workloadEntry, "three", in: "x", ["address": "127.64.0.3", "labels": ["app": "auth"]]))
        let service = try #require(mesh.service("auth.default.svc.cluster.local", visibleIn: "x"))
        #expect(mesh.workloads(of: service).map(\.name) == ["one"])
        #expect(mesh.identities(of: service) == ["spiffe://cluster.local/ns/default/sa/a"])
        let port = try #require(service.port(80))
        #expect(mesh.workloads(of: service).first?.port(for: port) == 15006)
        #expect(mesh.workloads(of: service).first?.hasSidecar == true)
    }
}
