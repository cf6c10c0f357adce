// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing
import malla

@Suite struct WorkloadRegistryTests {
    private func plan(_ change: (inout RunArguments) -> Void = { _ in }) throws -> RunPlan {
        var arguments = RunArguments()
        arguments.name = "auth-v1"
        arguments.service = "auth-service"
        arguments.labels = ["version=v1"]
        arguments.ports = ["8080:9001"]
        arguments.command = ["true"]
        change(&arguments)
        return try RunPlan.check(arguments).get()
    }

    @Test func `all mistakes are told at once`() {
        var arguments = RunArguments()
        arguments.name = "Auth"
        arguments.labels = ["version"]
        arguments.ports = ["x"]
        arguments.proxy = "nginx"
        guard case .failure(let error) = RunPlan.check(arguments) else {
            Issue.record("accepted")
            return
        }
        #expect(error.mistakes.count == 6)
    }

    @Test(arguments: [
        ("version=v1", true), ("empty=", true), ("example.com/team=blue", true), ("a_b.c-d=E.f", true), ("a=b=c", false),
        ("a b=c", false), ("a=c d", false), ("=x", false), ("/a=b", false), ("a/=b", false), ("A/b=c", false), ("-a=b", false),
        ("a=b-", false), ("a", false), ("x..y/a=b", false),
    ])
    func `labels are Kubernetes'`(label: String, isAccepted: Bool) {
        let accepted = (try? plan { $0.labels = [label] }) != nil
        #expect(accepted == isAccepted)
    }

    @Test func `what a workload is made of`() async throws {
        let api = MemoryResourceAPI()
        var registry = WorkloadRegistry(plan: try plan(), api: api)
        try await registry.prepare()
        try await registry.register(address: "127.70.0.1")
        #expect(
            api.paths == [
                "/api/v1/namespaces/default", "/api/v1/namespaces/default/serviceaccounts/default",
                "/api/v1/namespaces/default/services/auth-service",
                "/apis/networking.istio.io/v1/namespaces/default/workloadentries/auth-v1",
            ])
        let data = try #require(try await api.get("/apis/networking.istio.io/v1/namespaces/default/workloadentries/auth-v1"))
        let entry = try JSONDecoder().decode(WorkloadObjects.Entry.self, from: data)
        #expect(entry.spec.address == "127.70.0.1")
        #expect(entry.spec.ports == ["http": 15006])
        #expect(entry.spec.labels == ["app": "auth-service", "version": "v1"])
        #expect(entry.metadata.labels == ["malla.dev/managed-by": "malla-run"])
    }

    @Test func `a second run of the name takes the entry over, a stranger's stays`() async throws {
        let api = MemoryResourceAPI()
        let registry = WorkloadRegistry(plan: try plan(), api: api)
        try await registry.register(address: "127.70.0.1")
        try await registry.register(address: "127.70.0.2")
        #expect(try await registry.addresses().own == "127.70.0.2")
        #expect(try await registry.addresses().taken.isEmpty)
        try await registry.deregister()
        #expect(try await !registry.isRegistered())

        let stranger =
            #"{"apiVersion":"networking.istio.io/v1","kind":"WorkloadEntry","metadata":{"name":"auth-v1","namespace":"default"},"#
            + #""spec":{"address":"10.0.0.1"}}"#
        _ = try await api.create(Data(stranger.utf8), in: "/apis/networking.istio.io/v1/namespaces/default/workloadentries")
        await #expect(throws: RunFailure.self) { try await registry.register(address: "127.70.0.1") }
        await #expect(throws: RunFailure.self) { try await registry.addresses() }
    }

    @Test func `the service's own port names are taken, and a port that it lacks is told`() async throws {
        let api = MemoryResourceAPI()
        var first = WorkloadRegistry(plan: try plan { $0.ports = ["grpc-auth=8080"] }, api: api)
        try await first.prepare()
        var second = WorkloadRegistry(plan: try plan { $0.name = "auth-v2" }, api: api)
        try await second.prepare()
        #expect(second.plan.ports.map(\.name) == ["grpc-auth"])
        var third = WorkloadRegistry(plan: try plan { $0.ports = ["9090"] }, api: api)
        await #expect(
            throws: RunFailure(
                "service auth-service has no port 9090 (it has 8080): give one of these to --port, or add the port to the service")
        ) { try await third.prepare() }
        let upstream = try #require(UpstreamOption(argument: "auth-service:9091"))
        #expect(try await first.resolve(upstream) == ("auth-service.default.svc.cluster.local", 8080))
    }

    @Test func `one run holds a workload's directory, and the files are its owner's alone`() async throws {
        let root = FileManager.default.temporaryDirectory.appending(path: "malla-run-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: root) }
        do {
            let directory = try WorkloadDirectory(dataDirectory: root, namespace: "default", name: "auth-v1")
            #expect(throws: RunFailure.self) { try WorkloadDirectory(dataDirectory: root, namespace: "default", name: "auth-v1") }
            try directory.write(Data("secret".utf8), to: "join-token")
            let mode = try FileManager.default.attributesOfItem(atPath: directory.file("join-token"))[.posixPermissions] as? Int
            #expect(mode == 0o600)
            try await directory.endLeftovers(grace: .zero)
        }
        _ = try WorkloadDirectory(dataDirectory: root, namespace: "default", name: "auth-v1")
    }
}
