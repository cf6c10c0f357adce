// SPDX-License-Identifier: Apache-2.0
import MeshTestKit
import NIOCore
import Proxy
import ProxyModel
import Testing

@Suite(.timeLimit(.minutes(1))) struct TunnelTests {
    enum Kind: String, Sendable { case webSocket, connect, terminated }
    enum Spoken: String, Sendable { case http1, http2 }

    struct Case: Sendable, CustomTestStringConvertible {
        var kind: Kind
        var down: Spoken
        var up: Spoken
        var testDescription: String { "\(self.kind.rawValue): \(self.down.rawValue) to \(self.up.rawValue)" }
    }

    static let cases: [Case] = [Kind.webSocket, .connect, .terminated].flatMap { kind in
        [Spoken.http1, .http2].flatMap { down in [Spoken.http1, .http2].map { Case(kind: kind, down: down, up: $0) } }
    }

    private static let switching = "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n"
    private static let webSocket = "GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
    private static let connect = "CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n"

    /// A catch-all for CONNECT before that for everything else, and a log of `status sent received flags`.
    private static func snapshot(
        port: Int, spoken: Spoken = .http1, allowed: Set<String> = ["websocket", "connect"], terminates: Bool = false,
        route: [String: RouteUpgrade] = [:], idle: Duration? = nil
    ) -> ProxySnapshot {
        var upgrades = route
        if terminates { upgrades["connect"] = RouteUpgrade(terminatesConnect: true) }
        let tunnels = Route(
            name: "tunnels", match: RouteMatch(path: .connect),
            action: .forward(ForwardAction(clusters: .single("c"), timeout: .zero, upgrades: upgrades)))
        return ProxyHarness.snapshot(ports: [port], routes: [tunnels]).with(
            manager: { manager in
                manager.upgrades = allowed
                manager.http2.acceptsConnect = true
                if let idle { manager.streamIdleTimeout = idle }
                manager.accessLogs = [
                    AccessLogConfiguration(
                        path: "log", format: .text("%RESPONSE_CODE% %BYTES_RECEIVED% %BYTES_SENT% %RESPONSE_FLAGS%\n"))
                ]
            },
            route: { $0.upgrades.merge(upgrades) { $1 } },
            cluster: { $0.upstreamProtocol = spoken == .http2 ? .http2 : .http1 })
    }

    @Test(arguments: cases) func `bytes go both ways, and each way ends by itself`(_ test: Case) async throws {
        let front = try await ProxyHarness()
        let back = try await ProxyHarness()
        let answer: String? =
            switch test.kind {
            case .webSocket: Self.switching
            case .connect: "HTTP/1.1 200 Connected\r\nContent-Length: 0\r\n\r\n"
            case .terminated: nil
            }
        let upstream = try await TunnelUpstream(group: back.group, answer: answer)
        // Towards HTTP/2 a second proxy takes the tunnel, and is where CONNECT ends.
        let isTwoHops = test.up == .http2
        try await back.proxy.apply(Self.snapshot(port: upstream.port, terminates: test.kind == .terminated))
        try await front.proxy.apply(
            Self.snapshot(
                port: isTwoHops ? back.port : upstream.port, spoken: test.up,
                terminates: test.kind == .terminated && !isTwoHops))
        switch test.down {
        case .http1:
            let client = try await WireClient(group: front.group, port: front.port)
            try await client.send(test.kind == .webSocket ? Self.webSocket : Self.connect)
            let head = try await client.wait(for: "\r\n\r\n")
            #expect(head.hasPrefix("HTTP/1.1 \(test.kind == .webSocket ? 101 : 200) "))
            #expect(!head.lowercased().contains("content-length"))
            try await client.send("hello")
            try await client.wait(for: "hello")
            try await client.finishOutput()
            #expect(try await client.waitForEnd().hasSuffix("\r\n\r\nhellobye"))
            await client.close()
        case .http2:
            let client = try await HTTP2TunnelClient(
                group: front.group, port: front.port, protocolName: test.kind == .webSocket ? "websocket" : nil)
            try await client.wait(for: "200 ")
            try await client.send("hello")
            try await client.wait(for: "hello")
            try await client.finishOutput()
            #expect(try await client.wait(for: "[end]") == "200 hellobye[end]")
            await client.close()
        }
        let status = test.kind == .webSocket ? 101 : 200
        #expect(try await front.log.first(1) == ["\(status) 5 8 -"])
        try await front.stop()
        try await back.stop()
    }

    @Test func `what comes with CONNECT waits for the answer and then goes on`() async throws {
        let harness = try await ProxyHarness()
        let upstream = try await TunnelUpstream(group: harness.group, answer: "HTTP/1.1 200 OK\r\n\r\n")
        try await harness.proxy.apply(Self.snapshot(port: upstream.port))
        let client = try await WireClient(group: harness.group, port: harness.port)
        try await client.send(Self.connect + "early")
        #expect(try await client.wait(for: "early").hasPrefix("HTTP/1.1 200 OK\r\n"))
        let request = try #require(upstream.requests.first)
        #expect(
            request.hasPrefix("CONNECT a:80 HTTP/1.1\r\nhost: a:80\r\n")
                || request.hasPrefix("CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n"))
        #expect(request.hasSuffix("\r\n\r\n"))
        await client.close()
        try await harness.stop()
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        var name: String
        var request: String
        var allowed: Set<String> = []
        var route: [String: RouteUpgrade] = [:]
        var upstream = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
        var answer: String
        var testDescription: String { self.name }
    }

    static let refusals: [Refusal] = [
        Refusal(name: "CONNECT that nobody allows", request: connect, answer: "403 "),
        Refusal(name: "an upgrade that nobody allows", request: webSocket, answer: "403 "),
        Refusal(
            name: "an upgrade that the route forbids", request: webSocket, allowed: ["websocket"],
            route: ["websocket": RouteUpgrade(isEnabled: false)], answer: "403 "),
        Refusal(
            name: "another upgrade", request: webSocket.replacing("websocket", with: "other"), allowed: ["websocket"],
            answer: "403 "),
        Refusal(name: "an upgrade that the upstream ignores", request: webSocket, allowed: ["websocket"], answer: "200 "),
        Refusal(
            name: "CONNECT that the upstream refuses", request: connect, allowed: ["connect"],
            upstream: "HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n", answer: "407 "),
        Refusal(
            name: "CONNECT with a body", request: connect.replacing("\r\n\r\n", with: "\r\nContent-Length: 1\r\n\r\nx"),
            allowed: ["connect"], answer: "400 "),
        Refusal(
            name: "101 that nobody asked for", request: "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
            upstream: switching, answer: "502 "),
    ]

    @Test(arguments: refusals) func `without consent there is no tunnel, and the connection ends`(_ test: Refusal) async throws {
        let harness = try await ProxyHarness()
        let upstream = try await ScriptedUpstream(group: harness.group, always: .answer(test.upstream))
        try await harness.proxy.apply(Self.snapshot(port: upstream.port, allowed: test.allowed, route: test.route))
        let client = try await WireClient(group: harness.group, port: harness.port)
        try await client.send(test.request)
        let answer = try await client.waitForEnd()
        #expect(answer.hasPrefix("HTTP/1.1 \(test.answer)"))
        #expect(answer.contains("connection: close\r\n"))
        await client.close()
        try await harness.stop()
    }

    @Test func `a route may allow what its connection manager does not`() async throws {
        let harness = try await ProxyHarness()
        let upstream = try await TunnelUpstream(group: harness.group, answer: Self.switching)
        try await harness.proxy.apply(
            Self.snapshot(port: upstream.port, allowed: [], route: ["websocket": RouteUpgrade()]))
        let client = try await WireClient(group: harness.group, port: harness.port)
        try await client.send(Self.webSocket)
        try await client.wait(for: "101 Switching Protocols\r\n")
        await client.close()
        try await harness.stop()
    }

    @Test(arguments: [Spoken.http1, .http2]) func `a tunnel in which nothing moves is closed`(_ down: Spoken) async throws {
        let harness = try await ProxyHarness()
        let upstream = try await TunnelUpstream(group: harness.group, answer: nil)
        try await harness.proxy.apply(Self.snapshot(port: upstream.port, terminates: true, idle: .milliseconds(300)))
        switch down {
        case .http1:
            let client = try await WireClient(group: harness.group, port: harness.port)
            try await client.send(Self.connect)
            #expect(try await client.waitForEnd().hasPrefix("HTTP/1.1 200 OK\r\n"))
        case .http2:
            let client = try await HTTP2TunnelClient(group: harness.group, port: harness.port, protocolName: nil)
            #expect(try await client.wait(for: "[") == "200 [reset 10]")
            await client.close()
        }
        #expect(try await harness.log.first(1) == ["200 0 0 SI"])
        try await harness.stop()
    }

    @Test func `an endpoint that cannot be reached is answered for, and the limit of connections holds`() async throws {
        let harness = try await ProxyHarness()
        try await harness.proxy.apply(Self.snapshot(port: 1, terminates: true))
        let refused = try await harness.exchange(Self.connect)
        #expect(refused.hasPrefix("HTTP/1.1 503 "))
        let upstream = try await TunnelUpstream(group: harness.group, answer: nil)
        var limited = Self.snapshot(port: upstream.port, terminates: true)
        limited.clusters["c"]?.circuitLimits.maxConnections = 1
        try await harness.proxy.apply(limited)
        let first = try await WireClient(group: harness.group, port: harness.port)
        try await first.send(Self.connect)
        try await first.wait(for: "200 OK")
        let second = try await harness.exchange(Self.connect)
        #expect(second.hasPrefix("HTTP/1.1 503 "))
        #expect(second.contains("x-envoy-overloaded: true\r\n"))
        await first.close()
        try await harness.stop()
    }
}
