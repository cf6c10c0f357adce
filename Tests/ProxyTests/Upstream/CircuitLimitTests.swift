// SPDX-License-Identifier: Apache-2.0
import MeshTestKit
import NIOCore
import Proxy
import ProxyModel
import Testing

@Suite(.timeLimit(.minutes(1))) struct CircuitLimitTests {
    /// Requests to an upstream that never answers, until `expected` of them wait or run; then one more.
    private func overflow(_ limits: CircuitLimits, after expected: Int) async throws -> String {
        let harness = try await ProxyHarness(threads: 2)
        let upstream = try await TestUpstream(group: harness.group, answer: "silence")
        try await harness.proxy.apply(ProxyHarness.snapshot(ports: [upstream.port], limits: limits))
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            for _ in 0..<expected { tasks.addTask { _ = try? await harness.get("/") } }
            let answer: String
            do {
                try await waitUntil("\(expected) requests are under way", within: .seconds(20)) {
                    await harness.proxy.clusterStatus().first?.endpoints.first?.requestsActive == expected
                }
                answer = try await harness.get("/")
            } catch {
                answer = "\(error)"
            }
            // Ends the requests under way; only then may their event loops go.
            await harness.proxy.stop()
            try await tasks.waitForAll()
            try await harness.stop()
            return answer
        }
    }

    @Test func `more requests than allowed overflow, over all loops`() async throws {
        let answer = try await self.overflow(CircuitLimits(maxRequests: 2), after: 2)
        #expect(answer.hasPrefix("HTTP/1.1 503 "))
        #expect(answer.contains("overflow"))
    }

    @Test func `more connections than allowed make requests wait, and more than may wait overflow`() async throws {
        let answer = try await self.overflow(CircuitLimits(maxConnections: 1, maxPendingRequests: 2), after: 3)
        #expect(answer.hasPrefix("HTTP/1.1 503 "))
        #expect(answer.contains("overflow"))
    }
}
