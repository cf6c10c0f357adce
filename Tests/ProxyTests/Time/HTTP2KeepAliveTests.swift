// SPDX-License-Identifier: Apache-2.0
import MeshTestKit
import NIOCore
import NIOEmbedded
import ProxyModel
import Testing

@testable import Proxy

@Suite(.timeLimit(.minutes(1))) struct HTTP2KeepAliveTests {
    private final class Pinged: HTTP2Pinging {
        var pings: [UInt64] = []
        var lost = 0
        func sendPing(_ data: UInt64) { self.pings.append(data) }
        func pingWasNotAnswered() { self.lost += 1 }
    }

    @Test func `pings follow each other while they are answered`() {
        let loop = EmbeddedEventLoop()
        let pinged = Pinged()
        let keepAlive = HTTP2KeepAlive(
            .init(interval: .seconds(10), timeout: .seconds(2), jitter: 0), eventLoop: loop, connection: pinged)
        loop.advanceTime(by: .seconds(9))
        #expect(pinged.pings == [])
        loop.advanceTime(by: .seconds(1))
        #expect(pinged.pings == [1])
        keepAlive.answered()
        loop.advanceTime(by: .seconds(10))
        #expect(pinged.pings == [1, 2])
        loop.advanceTime(by: .milliseconds(1999))
        #expect(pinged.lost == 0)
        loop.advanceTime(by: .milliseconds(1))
        #expect(pinged.lost == 1)
    }

    @Test func `a connection that has ended is not pinged`() {
        let loop = EmbeddedEventLoop()
        let pinged = Pinged()
        let keepAlive = HTTP2KeepAlive(
            .init(interval: .seconds(10), timeout: .seconds(2), jitter: 0), eventLoop: loop, connection: pinged)
        keepAlive.stop()
        loop.advanceTime(by: .seconds(100))
        #expect(pinged.pings == [] && pinged.lost == 0)
    }

    @Test func `the interval is longer by no more than the jitter`() {
        let loop = EmbeddedEventLoop()
        let pinged = Pinged()
        let keepAlive = HTTP2KeepAlive(
            .init(interval: .seconds(10), timeout: .seconds(2), jitter: 50), eventLoop: loop, connection: pinged)
        loop.advanceTime(by: .milliseconds(9999))
        #expect(pinged.pings == [])
        loop.advanceTime(by: .milliseconds(5001))
        #expect(pinged.pings == [1])
        keepAlive.stop()
    }

    @Test func `a client that does not answer is let go`() async throws {
        let harness = try await ProxyHarness()
        let snapshot = ProxyHarness.snapshot(ports: [1]).with(manager: { manager in
            manager.http2.keepAlive = .init(interval: .milliseconds(5), timeout: .milliseconds(20))
        })
        try await harness.proxy.apply(snapshot)
        let client = try await RawConnection.open(port: harness.port)
        try await client.send(Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + [0, 0, 0, 4, 0, 0, 0, 0, 0])
        // SETTINGS, the acknowledgement of ours, and a PING: type 6, eight bytes.
        let answer = await client.receive(within: .seconds(10)) { $0.isClosed }
        #expect(answer.isClosed)
        #expect(answer.bytes.count > 17 && answer.bytes.suffix(17).starts(with: [0, 0, 8, 6, 0, 0, 0, 0, 0]))
        await client.close()
        try await harness.stop()
    }
}
