// SPDX-License-Identifier: Apache-2.0

/// The story that the demo tells, step by step.
enum StoryStep: String, Sendable, Hashable, CaseIterable {
    case canaryWeight = "canary 90/10"
    case canaryHeader = "canary header"
    case failingInstance = "failing instance"
    case deniedCaller = "denied caller"
    case plaintextCaller = "plaintext caller"
    case grpc = "gRPC"
    case mutualTLS = "mutual TLS everywhere"
    case steadyTraffic = "steady traffic"
    case slowService = "slow service"

    /// Milliseconds; Examples/brief/auth-service.yaml.
    private static let configuredTimeout = 500.0

    /// Milliseconds, of a gRPC call.
    private static let deadline = 200.0

    func play(_ mesh: DemoMesh) async throws -> [StoryClaim] {
        switch self {
        case .canaryWeight:
            return [.canaryShare(try await mesh.burst(from: "gateway", to: "http://user-service:8080/profile", count: 2000))]
        case .canaryHeader:
            let report = try await mesh.burst(
                from: "gateway", to: "http://user-service:8080/profile", count: 200, header: "canary:true")
            return [.canaryHeader(report)]
        case .failingInstance: return try await failInstance(mesh)
        case .deniedCaller:
            return [.denied(try await mesh.burst(from: "order-v1", to: "http://user-service:8080/profile", count: 100))]
        case .plaintextCaller: return try await callInPlaintext(mesh)
        case .grpc: return try await callByGRPC(mesh)
        case .mutualTLS: return [.mutualTLS(await mesh.trafficInForce())]
        case .steadyTraffic:
            let load = try await mesh.steadyTraffic()
            return [.steadyTraffic(sent: load.sent, failed: load.failed, lastFailure: load.lastFailure)]
        case .slowService: return try await slowService(mesh)
        }
    }

    /// The failing instance is found by its own count of requests; steady traffic goes on beside the bursts.
    private func failInstance(_ mesh: DemoMesh) async throws -> [StoryClaim] {
        let url = "http://payment-service:8080/charge"
        let before = try await mesh.setBehaviour(of: "payment-2", "fail=1&status=503").requests
        let first = try await mesh.burst(from: "order-v1", to: url, count: 600)
        let between = try await mesh.state(of: "payment-2").requests
        let second = try await mesh.burst(from: "order-v1", to: url, count: 300)
        let after = try await mesh.setBehaviour(of: "payment-2", "fail=0").requests
        return [
            .ejection(failing: (first: between - before, second: after - between), sent: (first: first.sent, second: second.sent)),
            .noClientErrors([first, second]),
        ]
    }

    private func callInPlaintext(_ mesh: DemoMesh) async throws -> [StoryClaim] {
        guard let address = mesh.address(of: "user-v1") else { throw RunFailure("user-v1 is not registered") }
        var refused = 0
        var answer: String?
        for _ in 0..<10 {
            switch await PlaintextCaller.call(address, port: SidecarPorts.inbound(0)) {
            case .refused: refused += 1
            case .answered(let text): answer = text
            case .silent: answer = "silence"
            }
        }
        return [.plaintext(refused: refused, of: 10, answer: answer)]
    }

    private func callByGRPC(_ mesh: DemoMesh) async throws -> [StoryClaim] {
        let url = "grpc://payment-service:9090/charge"
        let edge = MeshEdge(source: "order-service", destination: "payment-service")
        func counted() async -> Int { Int(await mesh.traffic().edges[edge]?.grpcResponses["0"] ?? 0) }
        let before = await counted()
        let calls = try await mesh.burst(from: "order-v1", to: url, count: 1000, concurrency: 16)
        let after = await counted()
        for workload in ["payment-1", "payment-2"] { try await mesh.setBehaviour(of: workload, "delay=1500") }
        let late = try await mesh.burst(
            from: "order-v1", to: url, count: 10, concurrency: 5, deadlineMilliseconds: Int(Self.deadline))
        for workload in ["payment-1", "payment-2"] { try await mesh.setBehaviour(of: workload, "delay=0") }
        return [.grpcCalls(calls, counted: after - before), .grpcDeadline(late, milliseconds: Self.deadline)]
    }

    private func slowService(_ mesh: DemoMesh) async throws -> [StoryClaim] {
        let edge = MeshEdge(source: "gateway", destination: "auth-service")
        func timeouts() async -> Int { Int(await mesh.traffic().edges[edge]?.responses["504 UT"] ?? 0) }
        for workload in ["auth-v1", "auth-v2"] { try await mesh.setBehaviour(of: workload, "delay=3000") }
        let before = await timeouts()
        let report = try await mesh.burst(from: "gateway", to: "http://auth-service:8080/verify", count: 10, concurrency: 5)
        for workload in ["auth-v1", "auth-v2"] { try await mesh.setBehaviour(of: workload, "delay=0") }
        return [.timeout(report, flagged: await timeouts() - before, configured: Self.configuredTimeout)]
    }
}
