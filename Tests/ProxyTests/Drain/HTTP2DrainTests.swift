// SPDX-License-Identifier: Apache-2.0
import MeshTestKit
import Proxy
import ProxyModel
import Testing

/// Connections end without a failed request, whatever makes them end: HTTP/2.
@Suite(.timeLimit(.minutes(2))) struct HTTP2DrainTests {
    private static let answer = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine"
    private static let announced = 0x7FFF_FFFF

    /// Two GOAWAY frames: the first refuses nothing, the second names the last stream that is served.
    @Test(arguments: DrainCause.allCases)
    func `streams up to the last one are answered, later ones are ignored`(cause: DrainCause) async throws {
        let harness = try await ProxyHarness()
        let upstream = try await RawServer()
        let snapshot = ProxyHarness.snapshot(ports: [upstream.port]).with(manager: { $0.drainTimeout = .milliseconds(1500) })
        try await harness.proxy.apply(snapshot)
        let client = try await RawHTTP2(port: harness.port)
        try await client.send(RawHTTP2.request(stream: 1))
        let first = try await upstream.connection(0)
        try await first.receive("\r\n\r\n")
        let drain = try await cause.begin(harness, snapshot)
        // It has not heard yet that the end is near.
        try await client.send(RawHTTP2.request(stream: 3, method: "POST", ends: false))
        let second = try await upstream.connection(1)
        try await second.receive("\r\n\r\n")
        let told = await client.connection.receive(within: .seconds(10)) { RawHTTP2.goAways($0).count == 2 }
        #expect(RawHTTP2.goAways(told) == [Self.announced, 3])
        // Nor that this stream will not be served; what belongs to it is no mistake.
        try await client.send(
            RawHTTP2.request(stream: 5, method: "POST", ends: false) + RawHTTP2.data([1, 2, 3], stream: 5)
                + RawHTTP2.frame(8, stream: 5, payload: RawHTTP2.number(1000)) + RawHTTP2.data([4], stream: 5, ends: true)
                + RawHTTP2.request(stream: 7, ends: false) + RawHTTP2.frame(3, stream: 7, payload: RawHTTP2.number(8)))
        try await client.send(RawHTTP2.data(Array("body".utf8), stream: 3, ends: true))
        try await second.receive("body")
        try await second.send(Self.answer)
        try await first.send(Self.answer)
        let all = try await client.connection.receiveAll()
        #expect(RawHTTP2.ending(of: 1, all) == .status(200))
        #expect(RawHTTP2.ending(of: 3, all) == .status(200))
        #expect(RawHTTP2.goAways(all) == [Self.announced, 3])
        #expect(!RawHTTP2.frames(all.bytes).contains { $0.stream > 3 })
        #expect(upstream.connections.count == 2)
        drain.cancel()
        try await harness.stop()
        await upstream.stop()
    }

    @Test(arguments: DrainCause.allCases)
    func `an answer comes whole, however slowly it is taken`(cause: DrainCause) async throws {
        let harness = try await ProxyHarness()
        let upstream = try await RawServer()
        let snapshot = ProxyHarness.snapshot(ports: [upstream.port]).with(manager: { $0.drainTimeout = .milliseconds(200) })
        try await harness.proxy.apply(snapshot)
        // Windows without end: what is held back, the socket holds back.
        let client = try await RawHTTP2(port: harness.port, settings: [0, 4, 0x7F, 0xFF, 0xFF, 0xFF], reads: false)
        try await client.send(RawHTTP2.frame(8, payload: RawHTTP2.number(0x7FFF_0000 - 65_535)))
        try await client.send(RawHTTP2.request(stream: 1))
        let behind = try await upstream.connection(0)
        try await behind.receive("\r\n\r\n")
        let drain = try await cause.begin(harness, snapshot)
        let size = 12 << 20
        async let sent: Void = behind.send(
            Array("HTTP/1.1 200 OK\r\nContent-Length: \(size)\r\n\r\n".utf8) + [UInt8](repeating: 0x61, count: size))
        try await client.connection.startReading()
        let all = try await client.connection.receiveAll(within: .seconds(60))
        #expect(RawHTTP2.ending(of: 1, all) == .status(200))
        #expect(RawHTTP2.body(of: 1, all).count == size)
        try await sent
        drain.cancel()
        try await harness.stop()
        await upstream.stop()
    }

    /// A stream of messages both ways, as gRPC's, from HTTP/2 to HTTP/2.
    @Test(arguments: DrainCause.allCases)
    func `messages go on both ways until the call has ended`(cause: DrainCause) async throws {
        let harness = try await ProxyHarness()
        let upstream = try await RawServer()
        let snapshot = ProxyHarness.snapshot(ports: [upstream.port]).with(
            manager: { $0.drainTimeout = .milliseconds(200) }, cluster: { $0.upstreamProtocol = .http2 })
        try await harness.proxy.apply(snapshot)
        let client = try await RawHTTP2(port: harness.port)
        let grpc = [("content-type", "application/grpc"), ("te", "trailers")]
        try await client.send(RawHTTP2.request(stream: 1, method: "POST", grpc, ends: false))
        let server = try await RawHTTP2Server(upstream, connection: 0)
        try await server.requests(1)
        try await server.answer(1, fields: [("content-type", "application/grpc")])
        let drain = try await cause.begin(harness, snapshot)
        _ = await client.connection.receive(within: .seconds(10)) { RawHTTP2.goAways($0).count == 2 }
        for message in UInt8(1)...5 {
            try await client.send(RawHTTP2.data([message], stream: 1))
            #expect(try await server.body(of: 1, count: Int(message)) == Array(1...message))
            try await server.send(RawHTTP2.data([message], stream: 1))
            let got = await client.connection.receive(within: .seconds(10)) {
                RawHTTP2.body(of: 1, $0).count == Int(message)
            }
            #expect(RawHTTP2.body(of: 1, got) == Array(1...message))
        }
        try await client.send(RawHTTP2.data([], stream: 1, ends: true))
        try await server.send(RawHTTP2.headers([("grpc-status", "0")], stream: 1))
        let all = try await client.connection.receiveAll()
        #expect(RawHTTP2.ending(of: 1, all) == .status(200) || RawHTTP2.frames(all.bytes).last { $0.stream == 1 }?.flags == 5)
        #expect(RawHTTP2.goAways(all) == [Self.announced, 1])
        drain.cancel()
        try await harness.stop()
        await upstream.stop()
    }

    @Test(arguments: DrainCause.allCases)
    func `a connection on which nothing has been said is still served`(cause: DrainCause) async throws {
        let harness = try await ProxyHarness()
        let upstream = try await TestUpstream(group: harness.group, answer: TestUpstream.ok("fine"))
        let snapshot = ProxyHarness.snapshot(ports: [upstream.port])
        try await harness.proxy.apply(snapshot)
        let client = try await RawConnection.open(port: harness.port)
        let drain = try await cause.begin(harness, snapshot)
        try await client.send(RawHTTP2.preface + RawHTTP2.frame(4) + RawHTTP2.request(stream: 1))
        let answer = await client.receive(within: .seconds(10)) { RawHTTP2.ending(of: 1, $0) != nil }
        #expect(RawHTTP2.ending(of: 1, answer) == .status(200))
        #expect(RawHTTP2.goAways(answer) == [Self.announced])
        await client.close()
        drain.cancel()
        try await harness.stop()
    }
}
