// SPDX-License-Identifier: Apache-2.0
import MeshTestKit
import NIOCore
import NIOPosix
import Proxy
import ProxyModel
import Synchronization
import Testing

/// Who does not read is not sent to: what is under way is bounded by windows and socket buffers, whatever the body's size.
@Suite(.serialized, .timeLimit(.minutes(3))) struct BackPressureTests {
    /// What kernel and proxy may hold on the way: two sockets with up to 4 MiB to send and 32 MiB received each (tcp_wmem, tcp_rmem;
    /// the kernel lets them grow while they are read fast). A body is larger.
    private static let bound = 96 << 20
    private static let size = 256 << 20

    /// Writes a body as fast as it is taken, and counts.
    private final class Source: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer
        let head: String
        let startsAtOnce: Bool
        /// Bytes that the channel has written to its socket.
        let written = Mutex(0)

        init(head: String, startsAtOnce: Bool) {
            self.head = head
            self.startsAtOnce = startsAtOnce
        }

        func channelActive(context: ChannelHandlerContext) { if self.startsAtOnce { self.begin(context) } }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) { if !self.startsAtOnce { self.begin(context) } }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

        private func begin(_ context: ChannelHandlerContext) {
            context.write(self.wrapOutboundOut(ByteBuffer(string: self.head)), promise: nil)
            self.more(context, BackPressureTests.size)
        }

        private func more(_ context: ChannelHandlerContext, _ left: Int) {
            guard left > 0 else { return }
            let part = ByteBuffer(repeating: 0x61, count: 256 << 10)
            let loopBound = NIOLoopBound(context, eventLoop: context.eventLoop)
            context.writeAndFlush(self.wrapOutboundOut(part)).assumeIsolated().whenSuccess {
                self.written.withLock { $0 += part.readableBytes }
                self.more(loopBound.value, left - part.readableBytes)
            }
        }
    }

    /// Takes connections and reads nothing from them.
    private static func deaf(_ group: MultiThreadedEventLoopGroup) async throws -> any Channel {
        try await ServerBootstrap(group: group)
            .childChannelOption(.autoRead, value: false)
            .bind(host: "127.0.0.1", port: 0).get()
    }

    private static func source(_ group: MultiThreadedEventLoopGroup, _ source: Source) async throws -> any Channel {
        try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(source) }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    /// Until nothing has been written for a while: then everything on the way is full.
    private static func settled(_ source: Source) async throws -> Int {
        var last = -1
        var since = ContinuousClock.now
        try await waitUntil("the writer to be stopped", within: .seconds(30)) {
            let now = source.written.withLock { $0 }
            if now != last {
                last = now
                since = .now
            }
            return now > 0 && ContinuousClock.now - since > .milliseconds(300)
        }
        return last
    }

    @Test func `an answer that the client does not read`() async throws {
        let harness = try await ProxyHarness()
        let source = Source(head: "HTTP/1.1 200 OK\r\nContent-Length: \(Self.size)\r\n\r\n", startsAtOnce: false)
        let upstream = try await Self.source(harness.group, source)
        try await harness.proxy.apply(StrictRow.snapshot(port: upstream.localAddress?.port ?? 0))
        let client = try await ClientBootstrap(group: harness.group).channelOption(.autoRead, value: false)
            .connect(host: "127.0.0.1", port: harness.port).get()
        try await client.writeAndFlush(ByteBuffer(string: "GET / HTTP/1.1\r\nHost: a\r\n\r\n")).get()
        #expect(try await Self.settled(source) < Self.bound)
        try await client.close().get()
        try await harness.stop()
    }

    @Test func `an answer for an HTTP/2 client without a window`() async throws {
        let harness = try await ProxyHarness()
        let source = Source(head: "HTTP/1.1 200 OK\r\nContent-Length: \(Self.size)\r\n\r\n", startsAtOnce: false)
        let upstream = try await Self.source(harness.group, source)
        try await harness.proxy.apply(StrictRow.snapshot(port: upstream.localAddress?.port ?? 0))
        let client = try await RawHTTP2(port: harness.port, settings: [0, 4, 0, 0, 0, 0])
        let get = [(":method", "GET"), (":scheme", "http"), (":authority", "a"), (":path", "/")]
        try await client.send(RawHTTP2.headers(get, stream: 1))
        #expect(try await Self.settled(source) < Self.bound)
        await client.connection.close()
        try await harness.stop()
    }

    @Test(arguments: [
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \(Self.size)\r\n\r\n",
        // Requests without an end, pipelined: the first of them is never answered.
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    ]) func `an upstream that does not read`(_ head: String) async throws {
        let harness = try await ProxyHarness()
        let upstream = try await Self.deaf(harness.group)
        try await harness.proxy.apply(StrictRow.snapshot(port: upstream.localAddress?.port ?? 0))
        let source = Source(head: head, startsAtOnce: true)
        let client = try await ClientBootstrap(group: harness.group)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(source) }
            }
            .connect(host: "127.0.0.1", port: harness.port).get()
        #expect(try await Self.settled(source) < Self.bound)
        try await client.close().get()
        try await harness.stop()
    }
}
