// SPDX-License-Identifier: Apache-2.0
import HTTP1
import NIOCore
import Proxy
import ProxyModel
import Testing

/// Answers before the answer (RFC 9110 15.2), over every pair of protocols. Towards HTTP/2 a second proxy stands in between.
@Suite(.timeLimit(.minutes(1))) struct InterimResponseTests {
    struct Pair: Sendable, CustomTestStringConvertible {
        var downIsHTTP2: Bool
        var upIsHTTP2: Bool
        var proxies: Bool
        var testDescription: String {
            "HTTP/\(self.downIsHTTP2 ? 2 : 1) to HTTP/\(self.upIsHTTP2 ? 2 : 1), \(self.proxies ? "" : "not ")passed on"
        }
    }

    static let pairs = [false, true].flatMap { down in
        [false, true].flatMap { up in [false, true].map { Pair(downIsHTTP2: down, upIsHTTP2: up, proxies: $0) } }
    }

    private static func chain(_ pair: Pair, _ upstream: (ProxyHarness) async throws -> Int) async throws -> [ProxyHarness] {
        let front = try await ProxyHarness()
        let back = try await ProxyHarness()
        let port = try await upstream(back)
        try await back.proxy.apply(
            ProxyHarness.snapshot(ports: [port]).with(manager: { $0.proxiesInterimResponses = pair.proxies }))
        try await front.proxy.apply(
            ProxyHarness.snapshot(ports: [pair.upIsHTTP2 ? back.port : port]).with(
                manager: { $0.proxiesInterimResponses = pair.proxies },
                cluster: { $0.upstreamProtocol = pair.upIsHTTP2 ? .http2 : .http1 }))
        return [front, back]
    }

    @Test(arguments: pairs) func `early hints pass where the connection manager says so`(_ pair: Pair) async throws {
        let proxies = try await Self.chain(pair) { back in
            try await ScriptedUpstream(
                group: back.group,
                always: .answer("HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx")
            ).port
        }
        if pair.downIsHTTP2 {
            let answers = try await HTTP2TestClient.exchange([.init(.get, "/")], port: proxies[0].port, group: proxies[0].group)
            #expect(answers == [pair.proxies ? "103 200 x" : "200 x"])
        } else {
            let answer = try await proxies[0].get("/")
            let hints = "HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n"
            #expect(answer.hasPrefix(pair.proxies ? hints + "HTTP/1.1 200 " : "HTTP/1.1 200 "))
            #expect(answer.contains("link:") == pair.proxies)
        }
        for proxy in proxies { try await proxy.stop() }
    }

    /// The upstream's invitation comes only once the head is there, and the body only after that.
    @Test(arguments: pairs.filter { !$0.downIsHTTP2 })
    func `a body waits for its invitation, whoever gives it`(_ pair: Pair) async throws {
        let proxies = try await Self.chain(pair) { back in
            let upstream = try await ScriptedUpstream(group: back.group) { number, text in
                guard pair.proxies else { return .echo(bytes: 4) }
                return number == 0 && !text.hasSuffix("body")
                    ? .interim("HTTP/1.1 100 Continue\r\n\r\n", then: 4) : .echo(bytes: 4)
            }
            return upstream.port
        }
        let client = try await WireClient(group: proxies[0].group, port: proxies[0].port)
        try await client.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n")
        try await client.wait(for: "HTTP/1.1 100 Continue\r\n\r\n")
        try await client.send("body")
        let answer = try await client.wait(for: "\r\n\r\nbody")
        #expect(answer.ranges(of: "HTTP/1.1 100").count == 1)
        // The request comes back as the upstream saw it.
        #expect(answer.lowercased().contains("expect: 100-continue") == pair.proxies)
        await client.close()
        for proxy in proxies { try await proxy.stop() }
    }
}
