// SPDX-License-Identifier: Apache-2.0
import MeshTestKit
import Proxy
import ProxyModel
import Testing

/// An endpoint of HTTP/2 that ends its connections: what it serves is waited for, what it does not is asked again.
@Suite(.timeLimit(.minutes(1))) struct GoAwayTests {
    private struct Rig {
        let harness: ProxyHarness
        let upstream: RawServer

        init(retrying conditions: Set<RetryPolicy.Condition> = []) async throws {
            self.harness = try await ProxyHarness()
            self.upstream = try await RawServer()
            let retry =
                conditions.isEmpty ? nil : RetryPolicy(conditions: conditions, retries: 2, baseInterval: .milliseconds(1))
            try await self.harness.proxy.apply(
                ProxyHarness.snapshot(ports: [self.upstream.port], retry: retry).with(cluster: { $0.upstreamProtocol = .http2 }))
        }

        /// A client that has sent a request.
        func ask(_ text: String = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n") async throws -> RawConnection {
            let client = try await RawConnection.open(port: self.harness.port)
            try await client.send(text)
            return client
        }

        func server(_ number: Int) async throws -> RawHTTP2Server { try await RawHTTP2Server(self.upstream, connection: number) }

        func stop() async throws {
            try await self.harness.stop()
            await self.upstream.stop()
        }
    }

    @Test func `streams up to the last one finish, later ones are asked again on a new connection`() async throws {
        let rig = try await Rig(retrying: [.refusedStream])
        let served = try await rig.ask()
        let first = try await rig.server(0)
        try await first.requests(1)
        let others = [try await rig.ask(), try await rig.ask()]
        #expect(try await first.requests(3) == [1, 3, 5])
        try await first.goAway(last: 1)
        let second = try await rig.server(1)
        for stream in try await second.requests(2) { try await second.answer(stream, body: "again") }
        for client in others { #expect(try await client.receiveAll().text.hasSuffix("again\r\n0\r\n\r\n")) }
        try await first.answer(1, body: "first")
        #expect(try await served.receiveAll().text.hasSuffix("first\r\n0\r\n\r\n"))
        // Nothing is left to do there.
        #expect(try await first.connection.receiveAll().isClosed)
        #expect(rig.upstream.connections.count == 2)
        try await rig.stop()
    }

    @Test func `without a retry policy a refused stream is 503, and the next request goes elsewhere`() async throws {
        let rig = try await Rig()
        let refused = try await rig.ask()
        let first = try await rig.server(0)
        try await first.requests(1)
        try await first.goAway(last: 0)
        #expect(try await refused.receiveAll().text.hasPrefix("HTTP/1.1 503 "))
        let next = try await rig.ask()
        let second = try await rig.server(1)
        try await second.answer(try await second.requests(1)[0], body: "next")
        #expect(try await next.receiveAll().text.hasPrefix("HTTP/1.1 200 "))
        try await rig.stop()
    }

    /// As a server does that drains: first it says that it will go, then it says what it has taken.
    @Test func `an announced end refuses nothing, and nothing new is sent there`() async throws {
        let rig = try await Rig()
        let running = try await rig.ask()
        let first = try await rig.server(0)
        try await first.requests(1)
        try await first.goAway(last: 0x7FFF_FFFF)
        try await first.send(RawHTTP2.frame(6, payload: [UInt8](repeating: 1, count: 8)))
        _ = await first.connection.receive(within: .seconds(10)) { RawHTTP2Server.frames($0).contains { $0.type == 6 } }
        let next = try await rig.ask()
        let second = try await rig.server(1)
        try await second.answer(try await second.requests(1)[0], body: "next")
        #expect(try await next.receiveAll().text.hasPrefix("HTTP/1.1 200 "))
        try await first.goAway(last: 1)
        try await first.answer(1, body: "slow")
        #expect(try await running.receiveAll().text.hasPrefix("HTTP/1.1 200 "))
        #expect(try await first.requests(1) == [1])
        try await rig.stop()
    }

    @Test func `a body is sent again with its request`() async throws {
        let rig = try await Rig(retrying: [.refusedStream])
        let client = try await rig.ask("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 8\r\nConnection: close\r\n\r\nhalf")
        let first = try await rig.server(0)
        #expect(try await first.requests(1) == [1])
        #expect(try await first.body(of: 1, count: 4) == Array("half".utf8))
        try await first.goAway(last: 0)
        let second = try await rig.server(1)
        try await second.requests(1)
        try await client.send("rest")
        #expect(try await second.body(of: 1, count: 8) == Array("halfrest".utf8))
        try await second.answer(1, body: "fine")
        #expect(try await client.receiveAll().text.hasPrefix("HTTP/1.1 200 "))
        try await rig.stop()
    }

    @Test func `a stream that is refused alone is asked again where it was`() async throws {
        let rig = try await Rig(retrying: [.refusedStream])
        let client = try await rig.ask()
        let server = try await rig.server(0)
        try await server.requests(1)
        try await server.reset(1, code: 7)
        #expect(try await server.requests(2) == [1, 3])
        try await server.answer(3, body: "fine")
        #expect(try await client.receiveAll().text.hasPrefix("HTTP/1.1 200 "))
        try await rig.stop()
    }

    /// What may have been begun there is asked again only where the policy says so.
    @Test(arguments: [RetryPolicy.Condition.refusedStream, .reset])
    func `a connection that closes before it has done what it promised`(condition: RetryPolicy.Condition) async throws {
        let rig = try await Rig(retrying: [condition])
        let client = try await rig.ask()
        let first = try await rig.server(0)
        try await first.requests(1)
        try await first.goAway(last: 1)
        await first.connection.close()
        if condition == .reset {
            let second = try await rig.server(1)
            try await second.answer(try await second.requests(1)[0], body: "fine")
        }
        let answer = try await client.receiveAll()
        #expect(answer.text.hasPrefix(condition == .reset ? "HTTP/1.1 200 " : "HTTP/1.1 503 "))
        try await rig.stop()
    }

    /// An endpoint whose connections serve three streams each, with two clients' requests always under way.
    @Test func `ends again and again, and no request fails`() async throws {
        let rig = try await Rig(retrying: [.refusedStream])
        let (harness, upstream) = (rig.harness, rig.upstream)
        let serving = Task {
            for number in 0..<100 {
                let server = try await RawHTTP2Server(upstream, connection: number)
                for count in 1...3 {
                    let stream = try await server.requests(count)[count - 1]
                    if count == 3 { try await server.goAway(last: stream) }
                    try await server.answer(stream, body: "fine")
                }
            }
        }
        let good = try await withThrowingTaskGroup(of: Int.self) { clients in
            for _ in 0..<2 {
                clients.addTask {
                    var good = 0
                    for _ in 0..<50 { if try await harness.get("/").hasPrefix("HTTP/1.1 200 ") { good += 1 } }
                    return good
                }
            }
            return try await clients.reduce(0, +)
        }
        #expect(good == 100)
        serving.cancel()
        try await rig.stop()
    }
}
