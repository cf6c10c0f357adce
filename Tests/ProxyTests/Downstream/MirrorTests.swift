// SPDX-License-Identifier: Apache-2.0
import MeshTestKit
import NIOCore
import NIOPosix
import Proxy
import ProxyModel
import Testing

/// Copies of requests for another cluster.
@Suite(.timeLimit(.minutes(1))) struct MirrorTests {
    private static func with(
        _ policies: [MirrorPolicy], mirror step: ScriptedUpstream.Step = ScriptedUpstream.status(500), timeout: Duration = .zero,
        limits: CircuitLimits = CircuitLimits(), main: ScriptedUpstream.Step = ScriptedUpstream.status(200, body: "up"),
        isDeaf: Bool = false,
        _ body: (ProxyHarness, ScriptedUpstream, ScriptedUpstream) async throws -> Void
    ) async throws {
        let harness = try await ProxyHarness()
        let upstream = try await ScriptedUpstream(group: harness.group, always: main)
        let mirror = try await ScriptedUpstream(group: harness.group, always: step)
        // Takes connections, and nothing of what comes over them.
        let deaf = try await ServerBootstrap(group: harness.group).childChannelOption(.autoRead, value: false)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = isDeaf ? deaf.localAddress?.port ?? 0 : mirror.port
        var snapshot = ProxyHarness.snapshot(ports: [upstream.port], timeout: timeout).with(
            route: { $0.mirrors = policies }, includesAttemptCount: true)
        snapshot.clusters["m"] = Cluster(
            name: "m", endpointSource: .fixed(EndpointSet(endpoints: [Endpoint(address: .host("127.0.0.1", port: port))])),
            balancing: .roundRobin, circuitLimits: limits, panicThreshold: 0)
        try await harness.proxy.apply(snapshot)
        try await body(harness, upstream, mirror)
        try await harness.stop()
    }

    private static func active(_ harness: ProxyHarness) async -> Int {
        await harness.proxy.clusterStatus().first { $0.name == "m" }?.endpoints.reduce(0) { $0 + Int($1.requestsActive) } ?? -1
    }

    @Test func `the copy has head and body, and a host that tells it apart`() async throws {
        try await Self.with([MirrorPolicy(cluster: "m")]) { harness, upstream, mirror in
            let answer = try await harness.exchange(
                "POST /p?q HTTP/1.1\r\nHost: a:80\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbody")
            #expect(answer.hasPrefix("HTTP/1.1 200 "))
            try await waitUntil("the copy", within: .seconds(10)) { mirror.requests.first?.hasSuffix("body") ?? false }
            let copy = mirror.requests[0]
            #expect(copy.hasPrefix("POST /p?q HTTP/1.1\r\n"))
            #expect(copy.contains("a-shadow:80\r\n"))
            #expect(copy.contains("x-envoy-internal: true\r\n"))
            #expect(copy.contains("x-envoy-attempt-count: 1\r\n"))
            #expect(copy.contains("x-forwarded-for: 127.0.0.1\r\n"))
            let original = try #require(upstream.requests.first)
            #expect(!original.contains("-shadow"))
            #expect(!original.contains("x-envoy-internal"))
        }
    }

    @Test func `a chunked body is copied as it comes, also without a mark`() async throws {
        try await Self.with([MirrorPolicy(cluster: "m", marksHost: false)]) { harness, _, mirror in
            _ = try await harness.exchange(
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\nabc\r\n0\r\n\r\n")
            try await waitUntil("the copy", within: .seconds(10)) { mirror.requests.first?.contains("abc") ?? false }
            #expect(!mirror.requests[0].contains("-shadow"))
        }
    }

    @Test(arguments: [ScriptedUpstream.Step.silence, .close, .reset])
    func `nobody waits for the copy`(_ step: ScriptedUpstream.Step) async throws {
        try await Self.with([MirrorPolicy(cluster: "m")], mirror: step, timeout: .milliseconds(300)) { harness, _, mirror in
            for _ in 0..<3 { #expect(try await harness.get("/").hasPrefix("HTTP/1.1 200 ")) }
            try await waitUntil("the copies", within: .seconds(10)) { mirror.requests.count == 3 }
            try await waitUntil("an end to the copies", within: .seconds(10)) { await Self.active(harness) == 0 }
        }
    }

    @Test func `shares, unknown clusters and limits make no copies`() async throws {
        try await Self.with([MirrorPolicy(cluster: "m", fraction: .none), MirrorPolicy(cluster: "nobody")]) { harness, _, mirror in
            for _ in 0..<3 { _ = try await harness.get("/") }
            #expect(mirror.requests.isEmpty)
        }
        try await Self.with([MirrorPolicy(cluster: "m")], limits: CircuitLimits(maxRequests: 0)) { harness, _, mirror in
            let answer = try await harness.get("/")
            #expect(answer.hasPrefix("HTTP/1.1 200 "))
            #expect(mirror.requests.isEmpty)
        }
    }

    @Test func `a copy that takes nothing is given up, and the request goes on`() async throws {
        let size = 24 << 20
        try await Self.with([MirrorPolicy(cluster: "m")], main: .echo(bytes: size), isDeaf: true) { harness, _, _ in
            let answer = try await harness.exchange(
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \(size)\r\nConnection: close\r\n\r\n"
                    + String(repeating: "x", count: size))
            #expect(answer.hasPrefix("HTTP/1.1 200 "))
            try await waitUntil("an end to the copy", within: .seconds(10)) { await Self.active(harness) == 0 }
        }
    }
}
