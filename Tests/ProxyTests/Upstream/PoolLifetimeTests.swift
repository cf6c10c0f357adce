// SPDX-License-Identifier: Apache-2.0
import MeshTestKit
import Proxy
import ProxyModel
import Testing

@Suite(.timeLimit(.minutes(1))) struct PoolLifetimeTests {
    @Test func `a connection is used again`() async throws {
        let harness = try await ProxyHarness()
        let upstream = try await TestUpstream(group: harness.group, answer: TestUpstream.ok("x"))
        try await harness.proxy.apply(ProxyHarness.snapshot(ports: [upstream.port]))
        for _ in 0..<5 { #expect(try await harness.get("/").hasSuffix("x")) }
        #expect(upstream.connectionCount == 1)
        try await harness.stop()
    }

    @Test func `a connection serves no more requests than allowed`() async throws {
        let harness = try await ProxyHarness()
        let upstream = try await TestUpstream(group: harness.group, answer: TestUpstream.ok("x"))
        var snapshot = ProxyHarness.snapshot(ports: [upstream.port])
        snapshot.clusters["c"]?.maxRequestsPerConnection = 2
        try await harness.proxy.apply(snapshot)
        for _ in 0..<6 { #expect(try await harness.get("/").hasSuffix("x")) }
        #expect(upstream.connectionCount == 3)
        try await harness.stop()
    }

    @Test func `an idle connection is closed`() async throws {
        let harness = try await ProxyHarness()
        let upstream = try await TestUpstream(group: harness.group, answer: TestUpstream.ok("x"))
        var snapshot = ProxyHarness.snapshot(ports: [upstream.port])
        snapshot.clusters["c"]?.idleTimeout = .milliseconds(20)
        try await harness.proxy.apply(snapshot)
        #expect(try await harness.get("/").hasSuffix("x"))
        try await waitUntil("the pool is empty", within: .seconds(10)) {
            await harness.proxy.clusterStatus().first?.endpoints.first?.connectionsActive == 0
        }
        #expect(try await harness.get("/").hasSuffix("x"))
        #expect(upstream.connectionCount == 2)
        try await harness.stop()
    }

    @Test func `a connection past its time serves no further request`() async throws {
        let harness = try await ProxyHarness()
        let upstream = try await TestUpstream(group: harness.group, answer: TestUpstream.ok("x"))
        var snapshot = ProxyHarness.snapshot(ports: [upstream.port])
        snapshot.clusters["c"]?.maxConnectionDuration = .nanoseconds(1)
        try await harness.proxy.apply(snapshot)
        for _ in 0..<3 { #expect(try await harness.get("/").hasSuffix("x")) }
        #expect(upstream.connectionCount == 3)
        try await harness.stop()
    }
}
