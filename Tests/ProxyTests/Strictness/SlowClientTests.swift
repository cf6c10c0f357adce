// SPDX-License-Identifier: Apache-2.0
import MeshTestKit
import Proxy
import ProxyModel
import Testing

/// Clients that never stop and never finish: the time of a head, or of a request, runs on whatever drips in.
@Suite(.timeLimit(.minutes(1))) struct SlowClientTests {
    struct Row: CustomTestStringConvertible, Sendable {
        var name: String
        /// Sent at once; what stands before `~` is a request of its own, which is answered first.
        var start: String
        /// Sent again and again until there is an answer.
        var drip = ""
        var limit: @Sendable (inout HTTPConnectionManager) -> Void
        var body: String
        /// Whether the endpoint has seen the beginning of the request.
        var reachesUpstream = false
        var testDescription: String { self.name }
    }

    private static let short = Duration.milliseconds(60)
    private static let post = "POST /slow HTTP/1.1\r\nHost: a\r\n"

    static let rows: [Row] = [
        Row(
            name: "a request line", start: "GET /", drip: "a", limit: { $0.requestHeadersTimeout = short },
            body: "request header timeout"),
        Row(
            name: "a value", start: "GET / HTTP/1.1\r\nHost: a\r\nX: ", drip: "a", limit: { $0.requestHeadersTimeout = short },
            body: "request header timeout"),
        Row(
            name: "the second head of a connection", start: "GET /first HTTP/1.1\r\nHost: a\r\n\r\n~GET / HT", drip: "",
            limit: { $0.requestHeadersTimeout = short }, body: "request header timeout"),
        Row(
            name: "a head within the time of the whole request", start: "GET / HTTP/1.1\r\nHost: a\r\nX: ", drip: "a",
            limit: { $0.requestTimeout = short }, body: "request timeout"),
        Row(
            name: "a body with a length", start: post + "Content-Length: 1000000\r\n\r\n", drip: "a",
            limit: { $0.requestTimeout = short }, body: "request timeout", reachesUpstream: true),
        Row(
            name: "a body in chunks", start: post + "Transfer-Encoding: chunked\r\n\r\n", drip: "1\r\na\r\n",
            limit: { $0.requestTimeout = short }, body: "request timeout", reachesUpstream: true),
        Row(
            name: "the size of a chunk", start: post + "Transfer-Encoding: chunked\r\n\r\n1", limit: { $0.requestTimeout = short },
            body: "request timeout", reachesUpstream: true),
        Row(
            name: "trailers", start: post + "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX: ", drip: "a",
            limit: { $0.requestTimeout = short }, body: "request timeout", reachesUpstream: true),
        Row(
            name: "a body that stops", start: post + "Content-Length: 10\r\n\r\nabc", limit: { $0.streamIdleTimeout = short },
            body: "stream timeout", reachesUpstream: true),
        Row(
            name: "a body in chunks that stops", start: post + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
            limit: { $0.streamIdleTimeout = short }, body: "stream timeout", reachesUpstream: true),
    ]

    @Test(arguments: rows) func `a slow request is 408 and the end of its connection`(_ row: Row) async throws {
        let harness = try await ProxyHarness()
        let upstream = try await RecordingUpstream(group: harness.group)
        try await harness.proxy.apply(StrictRow.snapshot(port: upstream.port).with(manager: row.limit))
        let connection = try await RawConnection.open(port: harness.port)
        let parts = row.start.split(separator: "~").map(String.init)
        if parts.count > 1 {
            try await connection.send(parts[0])
            try await connection.receive("HTTP/1.1 200 ")
        }
        try await connection.send(parts[parts.count - 1])
        let deadline = ContinuousClock.now + .seconds(10)
        // Each drip is a packet of its own; the answer ends them.
        while !row.drip.isEmpty, !connection.answer.text.contains("HTTP/1.1 408 "), ContinuousClock.now < deadline {
            try? await connection.send(row.drip)
            _ = await connection.receive(within: .milliseconds(1)) { _ in false }
        }
        let answer = try await connection.receiveAll()
        let last = try #require(answer.text.ranges(of: "HTTP/1.1 ").last).lowerBound
        let text = answer.text[last...]
        #expect(text.hasPrefix("HTTP/1.1 408 "), "\(answer.text)")
        #expect(text.lowercased().contains("\r\nconnection: close\r\n"))
        #expect(text.hasSuffix("\r\n\r\n" + row.body), "\(answer.text)")
        // The endpoint never gets a whole request, and its connection is not used again.
        #expect(upstream.record.messages == parts.count - 1)
        if row.reachesUpstream {
            try await waitUntil("the endpoint's connection to close", within: .seconds(10)) { upstream.record.openConnections == 0 }
        }
        try await harness.stop()
    }

    // MARK: HTTP/2

    @Test(arguments: ["requestTimeout", "streamIdleTimeout"])
    func `a slow stream is 408, and its connection goes on`(_ name: String) async throws {
        let harness = try await ProxyHarness()
        let upstream = try await RecordingUpstream(group: harness.group)
        let snapshot = StrictRow.snapshot(port: upstream.port).with(manager: {
            if name == "requestTimeout" { $0.requestTimeout = Self.short } else { $0.streamIdleTimeout = Self.short }
        })
        try await harness.proxy.apply(snapshot)
        let client = try await RawHTTP2(port: harness.port)
        try await client.send(RawHTTP2.request(stream: 1, method: "POST", ends: false) + RawHTTP2.data([97], stream: 1))
        #expect(await client.ending(of: 1) == .status(408))
        try await client.send(RawHTTP2.request(stream: 3))
        #expect(await client.ending(of: 3) == .status(200))
        #expect(upstream.record.messages == 1)
        await client.connection.close()
        try await harness.stop()
    }

    /// Nothing else can be said on a connection until a head has ended.
    @Test(arguments: ["requestHeadersTimeout", "requestTimeout", "streamIdleTimeout"])
    func `a head without its continuation ends the connection`(_ name: String) async throws {
        let harness = try await ProxyHarness()
        let snapshot = ProxyHarness.snapshot(ports: [1]).with(manager: {
            switch name {
            case "requestTimeout": $0.requestTimeout = Self.short
            case "requestHeadersTimeout": $0.requestHeadersTimeout = Self.short
            default: $0.streamIdleTimeout = Self.short
            }
        })
        try await harness.proxy.apply(snapshot)
        let client = try await RawHTTP2(port: harness.port)
        try await client.send(RawHTTP2.frame(1, flags: 1, stream: 1, payload: RawHTTP2.block([(":method", "GET")])))
        #expect(await client.end() == .goAway(11))
        try await harness.stop()
    }
}
