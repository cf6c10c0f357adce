// SPDX-License-Identifier: Apache-2.0
import Foundation
import MeshTestKit
import NIOCore
import Synchronization
import Testing

@testable import Sockets

/// Channels over real sockets, one end ours and the other NIO's or ours.
struct SocketChannelTests {
    /// Keeps what a channel says, and does what the test wants when it begins.
    final class Probe: ChannelInboundHandler, SocketReceiver, Sendable {
        typealias InboundIn = ByteBuffer

        struct Seen {
            var bytes = ByteBuffer()
            var reads = 0
            var completions = 0
            var events: [String] = []
        }

        let seen = Mutex(Seen())
        let begins: @Sendable (SocketChannel, Probe) -> Void

        init(_ begins: @escaping @Sendable (SocketChannel, Probe) -> Void = { _, _ in }) { self.begins = begins }

        var text: String { self.seen.withLock { String(buffer: $0.bytes) } }
        var events: [String] { self.seen.withLock { $0.events } }
        var count: Int { self.seen.withLock { $0.bytes.readableBytes } }

        private func note(_ event: String) { self.seen.withLock { $0.events.append(event) } }

        func channelActive(context: ChannelHandlerContext) {
            self.note("active")
            if let channel = context.channel as? SocketChannel { self.begins(channel, self) }
        }
        func channelRead(context: ChannelHandlerContext, data: NIOAny) { self.received(self.unwrapInboundIn(data)) }
        func channelReadComplete(context: ChannelHandlerContext) { self.receivedAll() }
        func received(_ bytes: ByteBuffer) {
            self.seen.withLock {
                $0.bytes.writeImmutableBuffer(bytes)
                $0.reads += 1
            }
        }
        func receivedAll() { self.seen.withLock { $0.completions += 1 } }
        func channelInactive(context: ChannelHandlerContext) { self.note("inactive") }
        func channelWritabilityChanged(context: ChannelHandlerContext) { self.note("writable \(context.channel.isWritable)") }
        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) { self.note("\(event)") }
        func errorCaught(context: ChannelHandlerContext, error: any Error) { self.note("error") }
    }

    /// A listening socket whose connections get `probe`, and a connection to it.
    private static func pair(
        _ probe: Probe, client: Probe = Probe(), _ body: (SocketChannel, SocketChannel) async throws -> Void
    ) async throws {
        let group = try SocketLoopGroup(numberOfLoops: 2)
        let accepted = Mutex<SocketChannel?>(nil)
        let listening = try await ListeningSocket.bind(
            SocketAddress(ipAddress: "127.0.0.1", port: 0), backlog: 16, group: group
        ) { channel in
            try channel.pipeline.syncOperations.addHandler(probe)
            accepted.withLock { $0 = channel }
        }
        let channel = try await Self.connect(to: listening.address, group, client)
        try await waitUntil("the connection to be accepted", within: .seconds(30)) { accepted.withLock { $0 } != nil }
        let server = try #require(accepted.withLock { $0 })
        try await body(server, channel)
        await listening.close()
        try await group.shutdownGracefully()
    }

    private static func connect(
        to address: SocketAddress, _ group: SocketLoopGroup, _ probe: Probe, timeout: TimeAmount = .seconds(10)
    ) async throws -> SocketChannel {
        let loop = group.nextLoop()
        let promise = loop.makePromise(of: SocketChannel.self)
        loop.execute {
            SocketChannel.connect(to: address, on: loop, timeout: timeout) { channel in
                try channel.pipeline.syncOperations.addHandler(probe)
            } done: {
                promise.completeWith($0)
            }
        }
        return try await promise.futureResult.get()
    }

    @Test("bytes go both ways, through the pipeline and past it", arguments: [true, false])
    func exchange(past: Bool) async throws {
        let server = Probe { channel, probe in
            if past { channel.receiver = probe }
            channel.writeAndFlush(ByteBuffer(string: "hello"), promise: nil)
        }
        let client = Probe()
        try await Self.pair(server, client: client) { _, channel in
            try await channel.writeAndFlush(ByteBuffer(string: "abc")).get()
            try await channel.loop.submit {
                var bytes = ByteBuffer(string: "def")
                channel.send(&bytes)
                #expect(bytes.readableBytes == 0)
                channel.send([ByteBuffer(string: "g"), ByteBuffer(string: "h")])
            }.get()
            try await waitUntil("the bytes to arrive", within: .seconds(30)) { server.text == "abcdefgh" && client.text == "hello" }
            #expect(server.seen.withLock { $0.completions } > 0)
        }
        #expect(client.events == ["active", "inactive"])
    }

    @Test("a silent peer is probed as it is asked for") func probes() async throws {
        try await Self.pair(Probe()) { _, channel in
            try await channel.loop.submit {
                func option(_ level: CInt, _ name: CInt) -> CInt? { channel.systemOption(level: level, name: name, CInt(-1)) }
                #expect(option(SOL_SOCKET, SO_KEEPALIVE) == 0)
                try channel.probePeer(after: 77, every: 7, count: nil)
                #expect(option(SOL_SOCKET, SO_KEEPALIVE) == 1)
                #expect(option(CInt(IPPROTO_TCP), TCP_KEEPIDLE) == 77 && option(CInt(IPPROTO_TCP), TCP_KEEPINTVL) == 7)
            }.get()
        }
    }

    @Test("what the peer says before the connection is known to be there is read") func earlyBytes() async throws {
        let group = try SocketLoopGroup(numberOfLoops: 1)
        // Its connections are served by hand, so that the one loop can be held up meanwhile.
        let descriptor = try SystemSocket.make(AF_INET)
        let address = try SocketAddress(ipAddress: "127.0.0.1", port: 0)
        #expect(address.withSockAddr { bind(descriptor, $0, socklen_t($1)) } == 0)
        #expect(listen(descriptor, 4) == 0)
        let bound = try #require(SocketAddress.of(descriptor, getsockname))
        let client = Probe()
        let loop = group.nextLoop()
        let promise = loop.makePromise(of: SocketChannel.self)
        let peer = try await loop.submit { () -> CInt in
            SocketChannel.connect(to: bound, on: loop, timeout: .seconds(10)) { channel in
                try channel.pipeline.syncOperations.addHandler(client)
            } done: {
                promise.completeWith($0)
            }
            // On loopback the connection is there at once; the loop hears of it after this, and of the bytes with it.
            let peer = accept(descriptor, nil, nil)
            #expect("early".withCString { send(peer, $0, 5, 0) } == 5)
            return peer
        }.get()
        _ = try await promise.futureResult.get()
        try await waitUntil("the bytes", within: .seconds(30)) { client.text == "early" }
        close(peer)
        close(descriptor)
        try await group.shutdownGracefully()
    }

    @Test("while reading is off nothing is read; what came then is read when it is on again") func paused() async throws {
        let server = Probe { channel, _ in channel.setReading(false) }
        try await Self.pair(server) { accepted, channel in
            try await channel.writeAndFlush(ByteBuffer(string: "one")).get()
            try await accepted.loop.scheduleTask(in: .milliseconds(20)) {}.futureResult.get()
            #expect(server.count == 0)
            try await accepted.loop.submit { accepted.setReading(true) }.get()
            try await waitUntil("what waited", within: .seconds(30)) { server.text == "one" }
            // One read at a time, each when it is asked for.
            try await accepted.loop.submit { accepted.setReading(false) }.get()
            try await channel.writeAndFlush(ByteBuffer(string: "two")).get()
            try await accepted.loop.submit { accepted.read() }.get()
            try await waitUntil("the read that was asked for", within: .seconds(30)) { server.text == "onetwo" }
            try await channel.writeAndFlush(ByteBuffer(string: "three")).get()
            try await accepted.loop.scheduleTask(in: .milliseconds(20)) {}.futureResult.get()
            #expect(server.text == "onetwo")
        }
    }

    @Test("what came before the peer's end is read, also where reading was off then", arguments: [true, false])
    func endWhilePaused(halfClosure: Bool) async throws {
        let server = Probe { channel, _ in
            channel.setReading(false)
            if halfClosure { channel.allowHalfClosure() }
        }
        try await Self.pair(server) { accepted, channel in
            let size = 100_000
            try await channel.writeAndFlush(ByteBuffer(repeating: 7, count: size)).get()
            try await channel.close().get()
            try await accepted.loop.scheduleTask(in: .milliseconds(20)) {}.futureResult.get()
            #expect(accepted.isActive)
            try await accepted.loop.submit { accepted.setReading(true) }.get()
            let end = halfClosure ? "inputClosed" : "inactive"
            try await waitUntil("the end", within: .seconds(30)) { server.events.contains(end) }
            #expect(server.count == size)
            #expect(accepted.isActive == halfClosure)
        }
    }

    @Test("each side may end its output alone") func halfClosed() async throws {
        let server = Probe { channel, _ in channel.allowHalfClosure() }
        let client = Probe { channel, _ in channel.allowHalfClosure() }
        try await Self.pair(server, client: client) { accepted, channel in
            channel.writeAndFlush(ByteBuffer(repeating: 1, count: 3_000_000), promise: nil)
            try await channel.close(mode: .output).get()
            try await waitUntil("the end of the client", within: .seconds(30)) { server.events.contains("inputClosed") }
            #expect(server.count == 3_000_000)
            await #expect(throws: ChannelError.self) { try await channel.writeAndFlush(ByteBuffer(string: "x")).get() }
            try await accepted.writeAndFlush(ByteBuffer(string: "still here")).get()
            try await waitUntil("the other direction", within: .seconds(30)) { client.text == "still here" }
            try await accepted.close(mode: .output).get()
            try await channel.closeFuture.get()
            try await accepted.closeFuture.get()
        }
        #expect(server.events.last == "inactive")
    }

    @Test("a peer that does not read stops the writer, and everything comes in the end") func backPressure() async throws {
        let server = Probe { channel, _ in channel.setReading(false) }
        let client = Probe()
        let size = 20_000_000
        try await Self.pair(server, client: client) { accepted, channel in
            let written = channel.loop.makePromise(of: Void.self)
            channel.writeAndFlush(ByteBuffer(repeating: 9, count: size), promise: written)
            try await waitUntil("the mark", within: .seconds(30)) { client.events.contains("writable false") }
            let unsent = try await channel.loop.submit { channel.unsentBytes }.get()
            #expect(unsent > 0)
            try await accepted.loop.submit { accepted.setReading(true) }.get()
            try await written.futureResult.get()
            try await waitUntil("all of it", within: .seconds(30)) { server.count == size }
            try await waitUntil("the mark again", within: .seconds(30)) { client.events.contains("writable true") }
        }
    }

    @Test("a reset ends the connection, also while reading is off") func reset() async throws {
        let server = Probe { channel, _ in channel.setReading(false) }
        try await Self.pair(server) { accepted, channel in
            // Closing with unread bytes resets.
            try await channel.loop.submit { channel.setReading(false) }.get()
            try await accepted.writeAndFlush(ByteBuffer(string: "unread")).get()
            try await channel.loop.scheduleTask(in: .milliseconds(20)) {}.futureResult.get()
            try await channel.close().get()
            try await accepted.closeFuture.get()
            #expect(server.events.last == "inactive")
        }
    }

    @Test("where nobody listens, connecting fails with what the system says") func refused() async throws {
        let group = try SocketLoopGroup(numberOfLoops: 1)
        let listening = try await ListeningSocket.bind(
            SocketAddress(ipAddress: "127.0.0.1", port: 0), backlog: 1, group: group
        ) { _ in }
        await listening.close()
        let error = await #expect(throws: IOError.self) { _ = try await Self.connect(to: listening.address, group, Probe()) }
        #expect(error?.errnoCode == ECONNREFUSED)
        let path = "/tmp/malla-nobody-\(UUID().uuidString)"
        let missing = await #expect(throws: IOError.self) {
            _ = try await Self.connect(to: SocketAddress(unixDomainSocketPath: path), group, Probe())
        }
        #expect(missing?.errnoCode == ENOENT)
        try await group.shutdownGracefully()
    }

    @Test("a connection that is not accepted in time fails") func timeout() async throws {
        let group = try SocketLoopGroup(numberOfLoops: 1)
        // A full backlog: further connections wait for ever.
        let descriptor = try SystemSocket.make(AF_INET)
        let address = try SocketAddress(ipAddress: "127.0.0.1", port: 0)
        #expect(address.withSockAddr { bind(descriptor, $0, socklen_t($1)) } == 0)
        #expect(listen(descriptor, 0) == 0)
        let bound = try #require(SocketAddress.of(descriptor, getsockname))
        _ = try await Self.connect(to: bound, group, Probe())
        await #expect(throws: ChannelError.self) {
            _ = try await Self.connect(to: bound, group, Probe(), timeout: .milliseconds(30))
        }
        try await group.shutdownGracefully()
        close(descriptor)
    }

    @Test("a Unix socket: what lies in its place is replaced if it is a socket, and left if it is not") func unix() async throws {
        let group = try SocketLoopGroup(numberOfLoops: 1)
        let path = "/tmp/malla-\(UUID().uuidString).sock"
        let address = try SocketAddress(unixDomainSocketPath: path)
        let server = Probe()
        func bind() async throws -> ListeningSocket {
            try await ListeningSocket.bind(address, backlog: 4, group: group, replacesSocketFile: true) { channel in
                try channel.pipeline.syncOperations.addHandler(server)
            }
        }
        await (try await bind()).close()
        let again = try await bind()
        let channel = try await Self.connect(to: address, group, Probe())
        try await channel.writeAndFlush(ByteBuffer(string: "unix")).get()
        try await waitUntil("the bytes", within: .seconds(30)) { server.text == "unix" }
        await again.close()
        try FileManager.default.removeItem(atPath: path)
        try Data("mine".utf8).write(to: URL(fileURLWithPath: path))
        await #expect(throws: IOError.self) { _ = try await bind() }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "mine")
        try FileManager.default.removeItem(atPath: path)
        try await group.shutdownGracefully()
    }

    @Test("addresses are those of the connection; options that nobody knows are refused") func addresses() async throws {
        try await Self.pair(Probe()) { accepted, channel in
            #expect(channel.remoteAddress == accepted.localAddress)
            #expect(accepted.remoteAddress == channel.localAddress)
            let reads = try await channel.getOption(.autoRead).get()
            #expect(reads)
            await #expect(throws: ChannelError.self) { try await channel.getOption(.connectTimeout).get() }
            await #expect(throws: ChannelError.self) { try await channel.setOption(.maxMessagesPerRead, value: 1).get() }
        }
    }

    @Test("the end of the loop closes what is open and fails what was not written") func loopEnds() async throws {
        let group = try SocketLoopGroup(numberOfLoops: 2)
        let server = Probe { channel, _ in channel.setReading(false) }
        let listening = try await ListeningSocket.bind(
            SocketAddress(ipAddress: "127.0.0.1", port: 0), backlog: 4, group: group
        ) { try $0.pipeline.syncOperations.addHandler(server) }
        let client = Probe()
        let channel = try await Self.connect(to: listening.address, group, client)
        let promise = channel.loop.makePromise(of: Void.self)
        let hasFailed = Mutex(false)
        promise.futureResult.whenFailure { _ in hasFailed.withLock { $0 = true } }
        channel.writeAndFlush(ByteBuffer(repeating: 1, count: 20_000_000), promise: promise)
        try await group.shutdownGracefully()
        #expect(hasFailed.withLock { $0 })
        #expect(client.events.last == "inactive")
        #expect(server.events.last == "inactive")
    }
}
