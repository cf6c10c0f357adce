// SPDX-License-Identifier: Apache-2.0
import NIOCore
import ProxyModel
import Testing

@testable import Proxy

/// WebSockets between HTTP/1, which asks for a key and its answer, and HTTP/2, which does without (RFC 8441, 5).
@Suite(.timeLimit(.minutes(1))) struct WebSocketTests {
    private static let switching = "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n"
    private static let asks =
        "GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    private static let answer = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="

    private static func snapshot(port: Int, isHTTP2: Bool = false, dropsKey: Bool = false) -> ProxySnapshot {
        let dropping = Route(
            match: RouteMatch(path: .prefix("/")), action: .forward(ForwardAction(clusters: .single("c"), timeout: .zero)),
            requestHeaders: HeaderMutations(removals: ["sec-websocket-key"]))
        return ProxyHarness.snapshot(ports: [port], routes: dropsKey ? [dropping] : []).with(
            manager: { manager in
                manager.upgrades = ["websocket"]
                manager.http2.acceptsConnect = true
            },
            cluster: { $0.upstreamProtocol = isHTTP2 ? .http2 : .http1 })
    }

    @Test func `the answer to the key of RFC 6455`() {
        #expect(WebSocketKey.answer(to: "dGhlIHNhbXBsZSBub25jZQ==") == Self.answer)
        #expect(WebSocketKey.make(1, 2).count == 24)
    }

    @Test func `a client of HTTP/2 without a key reaches a server of HTTP/1, which is asked for it`() async throws {
        let harness = try await ProxyHarness()
        let upstream = try await TunnelUpstream(group: harness.group, answer: Self.switching)
        try await harness.proxy.apply(Self.snapshot(port: upstream.port))
        let client = try await HTTP2TunnelClient(group: harness.group, port: harness.port, protocolName: "websocket")
        try await client.wait(for: "200 ")
        try await client.send("hello")
        try await client.wait(for: "hello")
        let key = try #require(upstream.requests.first).lowercased().components("sec-websocket-key: ")
        #expect(key?.count == 24)
        #expect(!client.text.contains("accept"))
        await client.close()
        try await harness.stop()
    }

    @Test func `a server that does not answer the key does not speak the protocol`() async throws {
        let harness = try await ProxyHarness()
        let upstream = try await TunnelUpstream(group: harness.group, answer: Self.switching, answersKey: false)
        try await harness.proxy.apply(Self.snapshot(port: upstream.port))
        let client = try await HTTP2TunnelClient(group: harness.group, port: harness.port, protocolName: "websocket")
        try await client.wait(for: "502 ")
        await client.close()
        try await harness.stop()
    }

    @Test(arguments: [false, true])
    func `a client of HTTP/1 gets its answer from a server of HTTP/2 that has none`(_ dropsKey: Bool) async throws {
        let front = try await ProxyHarness()
        let back = try await ProxyHarness()
        let upstream = try await TunnelUpstream(group: back.group, answer: Self.switching)
        // Without the key the second proxy makes one of its own, and keeps the answer to itself.
        try await back.proxy.apply(Self.snapshot(port: upstream.port, dropsKey: dropsKey))
        try await front.proxy.apply(Self.snapshot(port: back.port, isHTTP2: true))
        let client = try await WireClient(group: front.group, port: front.port)
        try await client.send(Self.asks)
        let head = try await client.wait(for: "\r\n\r\n")
        #expect(head.hasPrefix("HTTP/1.1 101 "))
        #expect(head.lowercased().contains("sec-websocket-accept: \(Self.answer.lowercased())\r\n"))
        let key = try #require(upstream.requests.first).components("sec-websocket-key: ")
        #expect((key == "dGhlIHNhbXBsZSBub25jZQ==") == !dropsKey)
        await client.close()
        try await front.stop()
        try await back.stop()
    }
}

extension String {
    /// The rest of the line behind `start`.
    fileprivate func components(_ start: String) -> String? {
        guard let found = self.lowercased().firstRange(of: start) else { return nil }
        return String(self[found.upperBound...].prefix { !$0.isNewline })
    }
}
