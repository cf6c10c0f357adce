// SPDX-License-Identifier: Apache-2.0
import MeshTestKit
import NIOCore
import Proxy
import ProxyModel
import Testing

/// Clusters whose endpoints are what clients asked for.
@Suite(.timeLimit(.minutes(1))) struct OriginalDestinationClusterTests {
    private static func cluster(_ policy: OriginalDestinationPolicy = OriginalDestinationPolicy()) -> Cluster {
        Cluster(name: "c", endpointSource: .originalDestination(policy))
    }

    private static func header(_ port: Int) -> String { "PROXY TCP4 1.1.1.1 127.0.0.1 1 \(port)\r\n" }

    @Test func `bytes go where the connection was going`() async throws {
        let harness = try await ProxyHarness()
        let first = try await GreetingUpstream(group: harness.group, greeting: "first")
        let second = try await GreetingUpstream(group: harness.group, greeting: "second")
        let listener = Listener(
            name: "l", address: .host("127.0.0.1", port: 0),
            filterChains: [.tcp("c", log: "%UPSTREAM_HOST% %RESPONSE_FLAGS%")],
            listenerFilters: [.proxyProtocol(ProxyProtocolPolicy(allowsOthers: true))])
        let policy = OriginalDestinationPolicy(cleanupInterval: .milliseconds(20))
        try await harness.proxy.apply(ProxySnapshot([listener], [Self.cluster(policy)]))
        let calls = [(first.port, "first"), (second.port, "second"), (first.port, "first")]
        for (index, (port, greeting)) in calls.enumerated() {
            let client = try await RawConnection.open(port: harness.port)
            try await client.send(Self.header(port))
            #expect(await client.receive(within: .seconds(5)) { $0.text == greeting }.text == greeting)
            await client.close()
            // They are on different loops: the next one may be over before.
            _ = try await harness.log.first(index + 1)
        }
        // A connection that wanted to come here has nowhere to go.
        #expect(try await RawConnection.exchange("hello", port: harness.port) == RawAnswer(isClosed: true))
        let hosts = [first.port, second.port, first.port].map { "127.0.0.1:\($0) -" }
        #expect(try await harness.log.first(4) == hosts + ["- UH"])
        try await waitUntil("endpoints that nobody wants are forgotten", within: .seconds(5)) {
            await harness.proxy.clusterStatus().allSatisfy(\.endpoints.isEmpty)
        }
        try await harness.stop()
    }

    @Test func `requests go where their connection was going, or where their header says`() async throws {
        let harness = try await ProxyHarness()
        let first = try await ScriptedUpstream(group: harness.group, always: ScriptedUpstream.status(200, body: "first"))
        let second = try await ScriptedUpstream(group: harness.group, always: ScriptedUpstream.status(200, body: "second"))
        func apply(_ policy: OriginalDestinationPolicy) async throws {
            var snapshot = ProxyHarness.snapshot(ports: [])
            snapshot.clusters["c"] = Self.cluster(policy)
            snapshot.listeners["l"]?.listenerFilters = [.proxyProtocol(ProxyProtocolPolicy(allowsOthers: true))]
            try await harness.proxy.apply(snapshot)
        }
        func answer(_ start: String, _ field: String = "") async throws -> String {
            let text = try await harness.exchange("\(start)GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\(field)\r\n")
            return "\(text.dropFirst(9).prefix(3)) \(text.split(separator: "\r\n\r\n").last ?? "")"
        }
        let toSecond = "x-envoy-original-dst-host: 127.0.0.1:\(second.port)\r\n"
        try await apply(OriginalDestinationPolicy())
        #expect(try await answer(Self.header(first.port)) == "200 first")
        #expect(try await answer(Self.header(first.port), toSecond) == "200 first")
        #expect(try await answer("") == "503 no healthy upstream")
        try await apply(OriginalDestinationPolicy(headerName: "x-envoy-original-dst-host"))
        #expect(try await answer(Self.header(first.port), toSecond) == "200 second")
        #expect(try await answer("", toSecond) == "200 second")
        #expect(try await answer(Self.header(first.port), "x-envoy-original-dst-host: nowhere\r\n") == "200 first")
        #expect(try await answer("") == "503 no healthy upstream")
        try await apply(OriginalDestinationPolicy(port: second.port))
        #expect(try await answer(Self.header(first.port)) == "200 second")
        try await harness.stop()
    }
}
