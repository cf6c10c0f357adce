// SPDX-License-Identifier: Apache-2.0
import MeshTestKit
import NIOCore
import Proxy
import ProxyModel
import Testing

@Suite(.timeLimit(.minutes(1))) struct CircuitLimitTests {
    /// Requests to an upstream that never answers, one after the other, until `expected` of them wait or run; then one more.
    private func overflow(_ limits: CircuitLimits, after expected: Int, threads: Int) async throws -> String {
        let harness = try await ProxyHarness(threads: threads)
        let upstream = try await TestUpstream(group: harness.group, answer: "silence")
        try await harness.proxy.apply(ProxyHarness.snapshot(ports: [upstream.port], limits: limits))
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            let answer: String
            do {
                for number in 1...expected {
                    tasks.addTask { _ = try? await harness.get("/") }
                    // A connection that is not ready yet makes its request a pending one.
                    try await waitUntil("\(number) requests are under way", within: .seconds(20)) {
                        let endpoint = await harness.proxy.clusterStatus().first?.endpoints.first
                        return endpoint?.requestsActive == number && endpoint?.connectionsActive ?? 0 > 0
                    }
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
        let answer = try await self.overflow(CircuitLimits(maxRequests: 2), after: 2, threads: 2)
        #expect(answer.hasPrefix("HTTP/1.1 503 "))
        #expect(answer.contains("overflow"))
    }

    @Test func `more connections than allowed make requests wait, and more than may wait overflow`() async throws {
        let answer = try await self.overflow(CircuitLimits(maxConnections: 1, maxPendingRequests: 2), after: 3, threads: 1)
        #expect(answer.hasPrefix("HTTP/1.1 503 "))
        #expect(answer.contains("overflow"))
    }

    @Test(arguments: [Cluster.UpstreamProtocol.http1, .http2])
    func `each loop may have one connection: requests of one do not wait for another's`(
        spoken: Cluster.UpstreamProtocol
    ) async throws {
        let back = try await ProxyHarness()
        let answer = Route(name: "a", match: RouteMatch(path: .prefix("/")), action: .respond(DirectResponse(status: 200)))
        try await back.proxy.apply(ProxyHarness.snapshot(ports: [1], routes: [answer]))
        let front = try await ProxyHarness(threads: 2)
        var snapshot = ProxyHarness.snapshot(ports: [back.port], limits: CircuitLimits(maxConnections: 1))
        snapshot.clusters["c"]?.upstreamProtocol = spoken
        try await front.proxy.apply(snapshot)
        // Each on a connection of its own, from another group: they go to both loops in turn.
        for _ in 0..<8 {
            let answer = try await RawConnection.exchange(
                "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", port: front.port)
            #expect(answer.text.hasPrefix("HTTP/1.1 200 "))
        }
        #expect(await front.proxy.clusterStatus().first?.endpoints.first?.connectionsActive == 2)
        for harness in [front, back] { try await harness.stop() }
    }
}
