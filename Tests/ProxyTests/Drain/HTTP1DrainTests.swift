// SPDX-License-Identifier: Apache-2.0
import MeshTestKit
import NIOCore
import Proxy
import ProxyModel
import Testing

/// Connections end without a failed request, whatever makes them end: HTTP/1.
@Suite(.timeLimit(.minutes(2))) struct HTTP1DrainTests {
    private static let answer = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine"

    private static func last(_ text: String) -> Bool { text.lowercased().contains("\r\nconnection: close\r\n") }

    @Test(arguments: DrainCause.allCases)
    func `a request that waits for its answer gets it, and hears that it was the last`(cause: DrainCause) async throws {
        let harness = try await ProxyHarness()
        let upstream = try await RawServer()
        let snapshot = ProxyHarness.snapshot(ports: [upstream.port])
        try await harness.proxy.apply(snapshot)
        let port = harness.port
        let client = try await RawConnection.open(port: port)
        try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        let behind = try await upstream.connection(0)
        try await behind.receive("\r\n\r\n")
        let drain = try await cause.begin(harness, snapshot)
        try await behind.send(Self.answer)
        let answer = try await client.receiveAll()
        #expect(answer.text.hasPrefix("HTTP/1.1 200 OK\r\n") && Self.last(answer.text) && answer.text.hasSuffix("fine"))
        if cause.keepsListening {
            let next = try await RawConnection.open(port: port)
            try await next.send("GET /next HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            try await behind.receive("GET /next ")
            try await behind.send(Self.answer)
            #expect(try await next.receiveAll().text.hasSuffix("fine"))
        } else {
            await #expect(throws: (any Error).self) { try await RawConnection.open(port: port) }
        }
        drain.cancel()
        try await harness.stop()
        await upstream.stop()
    }

    @Test(arguments: DrainCause.allCases)
    func `a body that is on its way arrives, and is answered`(cause: DrainCause) async throws {
        let harness = try await ProxyHarness()
        let upstream = try await RawServer()
        let snapshot = ProxyHarness.snapshot(ports: [upstream.port])
        try await harness.proxy.apply(snapshot)
        let client = try await RawConnection.open(port: harness.port)
        try await client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 8\r\n\r\nhalf")
        let behind = try await upstream.connection(0)
        try await behind.receive("\r\n\r\nhalf")
        let drain = try await cause.begin(harness, snapshot)
        try await client.send("rest")
        try await behind.receive("\r\n\r\nhalfrest")
        try await behind.send(Self.answer)
        let answer = try await client.receiveAll()
        #expect(answer.text.hasPrefix("HTTP/1.1 200 OK\r\n") && Self.last(answer.text) && answer.text.hasSuffix("fine"))
        drain.cancel()
        try await harness.stop()
        await upstream.stop()
    }

    /// The head has left before: the client learns of the end when it comes.
    @Test(arguments: DrainCause.allCases)
    func `an answer that has begun comes whole, however slowly it is taken`(cause: DrainCause) async throws {
        let harness = try await ProxyHarness()
        let upstream = try await RawServer()
        let snapshot = ProxyHarness.snapshot(ports: [upstream.port]).with(manager: { $0.drainTimeout = .milliseconds(200) })
        try await harness.proxy.apply(snapshot)
        let client = try await RawConnection.open(port: harness.port, reads: false)
        try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        let behind = try await upstream.connection(0)
        try await behind.receive("\r\n\r\n")
        let size = 12 << 20
        try await behind.send("HTTP/1.1 200 OK\r\nContent-Length: \(size)\r\n\r\n")
        let drain = try await cause.begin(harness, snapshot)
        async let sent: Void = behind.send([UInt8](repeating: 0x61, count: size))
        try await client.startReading()
        let answer = try await client.receiveAll(within: .seconds(60))
        let head = answer.bytes.firstRange(of: Array("\r\n\r\n".utf8))?.upperBound ?? 0
        #expect(answer.bytes.count - head == size)
        try await sent
        drain.cancel()
        try await harness.stop()
        await upstream.stop()
    }

    @Test(arguments: DrainCause.allCases)
    func `a kept connection without a request still has one answered`(cause: DrainCause) async throws {
        let harness = try await ProxyHarness()
        let upstream = try await TestUpstream(group: harness.group, answer: TestUpstream.ok("fine"))
        let snapshot = ProxyHarness.snapshot(ports: [upstream.port])
        try await harness.proxy.apply(snapshot)
        let client = try await RawConnection.open(port: harness.port)
        try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        try await client.receive("fine")
        #expect(!Self.last(client.answer.text))
        let drain = try await cause.begin(harness, snapshot)
        try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        let answer = try await client.receiveAll()
        #expect(answer.text.ranges(of: "200 OK").count == 2 && Self.last(answer.text))
        drain.cancel()
        try await harness.stop()
    }

    @Test(arguments: DrainCause.allCases)
    func `a connection on which nothing has been said is still served`(cause: DrainCause) async throws {
        let harness = try await ProxyHarness()
        let upstream = try await TestUpstream(group: harness.group, answer: TestUpstream.ok("fine"))
        var snapshot = ProxyHarness.snapshot(ports: [upstream.port])
        // One waits in the inspection, the other for the codec to be chosen.
        for inspects in [true, false] {
            snapshot.listeners["l"]?.listenerFilters = inspects ? [.tlsInspector] : []
            let harness = inspects ? try await ProxyHarness() : harness
            try await harness.proxy.apply(snapshot)
            let client = try await RawConnection.open(port: harness.port)
            let drain = try await cause.begin(harness, snapshot)
            try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            try await client.receive("fine")
            #expect(cause == .chainChanges && inspects || Self.last(client.answer.text))
            await client.close()
            drain.cancel()
            try await harness.stop()
        }
    }

    @Test func `a connection that nothing is asked on does not hold up the end`() async throws {
        let harness = try await ProxyHarness()
        try await harness.proxy.apply(ProxyHarness.snapshot(ports: [1]))
        let silent = try await RawConnection.open(port: harness.port)
        let kept = try await RawConnection.open(port: harness.port)
        try await kept.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        try await kept.receive("503")
        await harness.proxy.drain(timeout: .milliseconds(400))
        #expect(try await kept.receiveAll().isClosed)
        #expect(try await silent.receiveAll().isClosed)
        try await harness.stop()
    }

    @Test func `rules that change while a connection arrives hold for it`() async throws {
        let harness = try await ProxyHarness()
        func snapshot(_ status: Int) -> ProxySnapshot {
            let route = Route(
                name: "r", match: RouteMatch(path: .prefix("/")), action: .respond(DirectResponse(status: UInt16(status))))
            return ProxyHarness.snapshot(ports: [1], routes: [route])
        }
        try await harness.proxy.apply(snapshot(200))
        let client = try await RawConnection.open(port: harness.port)
        // The connection has been accepted: one that came later is served.
        _ = try await harness.get("/")
        try await harness.proxy.apply(snapshot(403))
        try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try await client.receive("\r\n\r\n").text.hasPrefix("HTTP/1.1 403 "))
        await client.close()
        try await harness.stop()
    }

    @Test func `listeners drain for their time, requests for as long as they take`() async throws {
        let harness = try await ProxyHarness()
        let upstream = try await RawServer()
        let snapshot = ProxyHarness.snapshot(ports: [upstream.port])
        try await harness.proxy.apply(snapshot)
        let client = try await RawConnection.open(port: harness.port)
        try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        let behind = try await upstream.connection(0)
        try await behind.receive("\r\n\r\n")
        let port = harness.port
        await harness.proxy.drainListeners(over: .milliseconds(50))
        await #expect(throws: (any Error).self) { try await RawConnection.open(port: port) }
        // What comes later opens nothing.
        try await harness.proxy.apply(ProxyHarness.snapshot(ports: [upstream.port, upstream.port]))
        #expect(harness.proxy.boundListeners.isEmpty)
        try await behind.send(Self.answer)
        let answer = try await client.receiveAll()
        #expect(answer.text.hasSuffix("fine") && Self.last(answer.text))
        try await harness.stop()
        await upstream.stop()
    }
}
