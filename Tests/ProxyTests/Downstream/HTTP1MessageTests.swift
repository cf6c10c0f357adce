// SPDX-License-Identifier: Apache-2.0
import NIOCore
import Proxy
import ProxyModel
import Testing

@Suite(.timeLimit(.minutes(1))) struct HTTP1MessageTests {
    @Test func `answers without a body keep the connection in step`() async throws {
        let harness = try await ProxyHarness()
        let upstream = try await ScriptedUpstream(group: harness.group) { _, request in
            if request.hasPrefix("HEAD") { return .answer("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n") }
            if request.hasPrefix("GET /204") { return .answer("HTTP/1.1 204 No Content\r\n\r\n") }
            if request.hasPrefix("GET /304") { return .answer("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n") }
            return ScriptedUpstream.status(200, body: "last")
        }
        try await harness.proxy.apply(ProxyHarness.snapshot(ports: [upstream.port]))
        let client = try await WireClient(group: harness.group, port: harness.port)
        for line in ["HEAD /", "GET /204", "GET /304", "GET /"] { try await client.send("\(line) HTTP/1.1\r\nHost: a\r\n\r\n") }
        let answers = try await client.wait(for: "last")
        let heads = answers.ranges(of: "HTTP/1.1 ").map { String(answers[$0.upperBound...].prefix(3)) }
        #expect(heads == ["200", "204", "304", "200"])
        #expect(answers.ranges(of: "ontent-").count >= 3)
        try await harness.stop()
    }

    @Test func `a client that waits for 100 gets it from the proxy`() async throws {
        let harness = try await ProxyHarness()
        let upstream = try await ScriptedUpstream(group: harness.group, always: .echo(bytes: 4))
        try await harness.proxy.apply(ProxyHarness.snapshot(ports: [upstream.port]))
        let client = try await WireClient(group: harness.group, port: harness.port)
        try await client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n")
        try await client.wait(for: "HTTP/1.1 100 Continue\r\n\r\n")
        try await client.send("body")
        let answer = try await client.wait(for: "\r\n\r\nbody")
        #expect(!answer.lowercased().contains("expect:"))
        try await harness.stop()
    }

    @Test func `pipelined requests are answered in order, also when the first is slow`() async throws {
        let harness = try await ProxyHarness()
        let upstream = try await ScriptedUpstream(group: harness.group) { _, request in
            request.hasPrefix("GET /slow") ? .silence : ScriptedUpstream.status(200, body: "quick")
        }
        try await harness.proxy.apply(
            ProxyHarness.snapshot(ports: [upstream.port]).with(route: { $0.timeout = .seconds(1) }))
        let client = try await WireClient(group: harness.group, port: harness.port)
        try await client.send(["/slow", "/b", "/c"].map { "GET \($0) HTTP/1.1\r\nHost: a\r\n\r\n" }.joined())
        let answers = try await client.wait(for: "quick", times: 2)
        #expect(answers.ranges(of: "HTTP/1.1 ").map { String(answers[$0.upperBound...].prefix(3)) } == ["504", "200", "200"])
        await client.close()
        try await harness.stop()
    }

    @Test func `an upgrade becomes a tunnel both ways, and its last bytes arrive`() async throws {
        let harness = try await ProxyHarness()
        let upstream = try await ScriptedUpstream(group: harness.group) { number, text in
            number == 0
                ? .answer("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\nhello ") : .close
        }
        try await harness.proxy.apply(
            ProxyHarness.snapshot(ports: [upstream.port]).with(manager: { $0.upgrades = ["websocket"] }))
        let client = try await WireClient(group: harness.group, port: harness.port)
        try await client.send("GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
        let head = try await client.wait(for: "hello ")
        #expect(head.hasPrefix("HTTP/1.1 101 Switching Protocols\r\n"))
        #expect(head.contains("upgrade: websocket\r\n"))
        #expect(upstream.requests.first?.contains("upgrade: websocket") == true)
        try await client.send("frame\r\n\r\n")
        try await client.waitForEnd()
        #expect(upstream.requests.last == "frame\r\n\r\n")
        // Where it is not allowed it is refused.
        try await harness.proxy.apply(ProxyHarness.snapshot(ports: [upstream.port]))
        let refused = try await harness.exchange(
            "GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n\r\n")
        #expect(refused.hasPrefix("HTTP/1.1 403 "))
        try await harness.stop()
    }

    /// An answer that came before the request had ended was lost in a reset when the client was still sending.
    @Test func `an answer before the end of the request arrives`() async throws {
        let harness = try await ProxyHarness()
        let denied = Route(
            name: "no", match: RouteMatch(path: .prefix("/")),
            action: .respond(DirectResponse(status: 413, body: Array("big".utf8))))
        try await harness.proxy.apply(ProxyHarness.snapshot(ports: [1], routes: [denied]))
        for _ in 0..<20 {
            let client = try await WireClient(group: harness.group, port: harness.port)
            try await client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n")
            for _ in 0..<10 { try? await client.send(String(repeating: "x", count: 10_000)) }
            let answer = try await client.waitForEnd()
            #expect(answer.hasPrefix("HTTP/1.1 413 "))
            #expect(answer.hasSuffix("big"))
            await client.close()
        }
        try await harness.stop()
    }
}
