// SPDX-License-Identifier: Apache-2.0
import MeshTestKit
import NIOCore
import Proxy
import ProxyModel
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct NamedClusterTests {
    /// Answers as the test says; a name without an answer is a failure.
    private final class Names: HostResolver {
        struct Unknown: Error {}

        private let answers: Mutex<[String: [String]]>

        init(_ answers: [String: [String]]) { self.answers = Mutex(answers) }

        func set(_ name: String, _ addresses: [String]?) { self.answers.withLock { $0[name] = addresses } }

        func addresses(of name: String, on eventLoop: any EventLoop) -> EventLoopFuture<[String]> {
            guard let found = self.answers.withLock({ $0[name] }) else { return eventLoop.makeFailedFuture(Unknown()) }
            return eventLoop.makeSucceededFuture(found)
        }
    }

    private func snapshot(_ name: String, port: Int, _ resolution: NameResolution) -> ProxySnapshot {
        var snapshot = ProxyHarness.snapshot(ports: [])
        let set = EndpointSet(endpoints: [Endpoint(address: .host(name, port: port))])
        snapshot.clusters["c"]?.endpointSource = .named(set, resolution)
        return snapshot
    }

    private func addresses(_ harness: ProxyHarness) async -> [String] {
        await harness.proxy.clusterStatus().first?.endpoints.map(\.address) ?? []
    }

    @Test func `a name is resolved before the cluster is used, and again and again`() async throws {
        let names = Names(["one.example": ["127.0.0.1"]])
        let harness = try await ProxyHarness(threads: 2, resolver: names)
        let upstream = try await TestUpstream(group: harness.group, answer: TestUpstream.ok("x"))
        try await harness.proxy.apply(
            self.snapshot("one.example", port: upstream.port, NameResolution(refreshInterval: .milliseconds(2))))
        for _ in 0..<4 { #expect(try await harness.get("/").hasSuffix("x")) }

        names.set("one.example", ["127.0.0.1", "127.0.0.2"])
        try await waitUntil("the second address is there", within: .seconds(10)) { await self.addresses(harness).count == 2 }
        let kept = await harness.proxy.clusterStatus().first?.endpoints.first { $0.address == "127.0.0.1:\(upstream.port)" }
        #expect(kept?.requestsTotal == 4)
        #expect(kept?.hostname == "one.example")

        // The last good answer stays.
        names.set("one.example", nil)
        for _ in 0..<4 { _ = try await harness.get("/") }
        #expect(await self.addresses(harness).count == 2)
        names.set("one.example", ["127.0.0.2"])
        try await waitUntil("the first address is gone", within: .seconds(10)) {
            await self.addresses(harness) == ["127.0.0.2:\(upstream.port)"]
        }
        try await harness.stop()
    }

    /// As Envoy: what stands for the name is one endpoint, wherever it is.
    @Test func `a logical endpoint that moves keeps its connections, and makes new ones at the new address`() async throws {
        let names = Names(["one.example": ["127.0.0.1"]])
        let harness = try await ProxyHarness(resolver: names)
        let old = try await TestUpstream(group: harness.group, answer: TestUpstream.ok("x"))
        let address = try SocketAddress(ipAddress: "127.0.0.2", port: old.port)
        let new = try await GreetingUpstream(
            group: harness.group, greeting: "HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\ny", echoes: false, at: address)
        var snapshot = self.snapshot(
            "one.example", port: old.port, NameResolution(usesAllAddresses: false, refreshInterval: .milliseconds(2)))
        try await harness.proxy.apply(snapshot)
        #expect(try await harness.get("/").hasSuffix("x"))
        names.set("one.example", ["127.0.0.2"])
        try await waitUntil("the address has moved", within: .seconds(10)) {
            await self.addresses(harness) == ["127.0.0.2:\(old.port)"]
        }
        #expect(try await harness.get("/").hasSuffix("x"))
        #expect(old.connectionCount == 1)
        #expect(new.connectionCount == 0)
        #expect(await harness.proxy.clusterStatus().first?.endpoints.first?.requestsTotal == 2)
        // A new pool begins at the new address.
        snapshot.clusters["c"]?.connectTimeout = .seconds(4)
        try await harness.proxy.apply(snapshot)
        #expect(try await harness.get("/").hasSuffix("y"))
        try await harness.stop()
    }

    @Test func `connections of one client's own go to the new address too`() async throws {
        let names = Names(["one.example": ["127.0.0.1"]])
        let harness = try await ProxyHarness(resolver: names)
        let old = try await TestUpstream(group: harness.group, answer: TestUpstream.ok("x"))
        let new = try await GreetingUpstream(
            group: harness.group, greeting: "HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\ny", echoes: false,
            at: SocketAddress(ipAddress: "127.0.0.2", port: old.port))
        var snapshot = self.snapshot(
            "one.example", port: old.port, NameResolution(usesAllAddresses: false, refreshInterval: .milliseconds(2)))
        snapshot.clusters["c"]?.proxyProtocol = ProxyProtocolOutput(version: .v1)
        snapshot.clusters["c"]?.maxRequestsPerConnection = 1
        try await harness.proxy.apply(snapshot)
        let client = try await KeptConnection(port: harness.port, group: harness.group)
        #expect(try await client.get().hasSuffix("x"))
        names.set("one.example", ["127.0.0.2"])
        try await waitUntil("the address has moved", within: .seconds(10)) {
            await self.addresses(harness) == ["127.0.0.2:\(old.port)"]
        }
        #expect(try await client.get().hasSuffix("y"))
        #expect(new.connectionCount == 1)
        try await client.channel.close()
        try await harness.stop()
    }

    @Test func `a name that is not known yet is asked for again`() async throws {
        let names = Names([:])
        let harness = try await ProxyHarness(resolver: names)
        let upstream = try await TestUpstream(group: harness.group, answer: TestUpstream.ok("x"))
        try await harness.proxy.apply(
            self.snapshot("late.example", port: upstream.port, NameResolution(refreshInterval: .milliseconds(2))))
        #expect(try await harness.get("/").hasSuffix("no healthy upstream"))
        names.set("late.example", ["127.0.0.1"])
        try await waitUntil("the name is known", within: .seconds(10)) { await self.addresses(harness).count == 1 }
        #expect(try await harness.get("/").hasSuffix("x"))
        try await harness.stop()
    }

    @Test(
        arguments: [
            (NameResolution.Family.automatic, true, ["[::1]", "[::2]"]), (.ipv4Only, true, ["127.0.0.1", "127.0.0.2"]),
            (.ipv6Only, false, ["[::1]"]), (.ipv4Preferred, false, ["127.0.0.1"]),
            (.all, true, ["127.0.0.1", "[::1]", "127.0.0.2", "[::2]"]),
        ] as [(NameResolution.Family, Bool, [String])])
    func `families and kinds choose among the addresses`(
        family: NameResolution.Family, usesAll: Bool, expected: [String]
    ) async throws {
        let harness = try await ProxyHarness(resolver: Names(["n": ["127.0.0.1", "::1", "127.0.0.2", "::2"]]))
        try await harness.proxy.apply(
            self.snapshot("n", port: 80, NameResolution(usesAllAddresses: usesAll, family: family, refreshInterval: .seconds(60))))
        #expect(await self.addresses(harness) == expected.map { "\($0):80" })
        try await harness.stop()
    }

    @Test func `the system resolves localhost`() async throws {
        let harness = try await ProxyHarness()
        let upstream = try await TestUpstream(group: harness.group, answer: TestUpstream.ok("x"))
        try await harness.proxy.apply(self.snapshot("localhost", port: upstream.port, NameResolution(family: .ipv4Only)))
        #expect(try await harness.get("/").hasSuffix("x"))
        try await harness.stop()
    }
}
