// SPDX-License-Identifier: Apache-2.0
import MeshTestKit
import NIOCore
import NIOPosix
import Proxy
import ProxyModel
import Synchronization
import Testing

/// Who reads slowly slows down who writes; in between there is a bounded amount of bytes.
@Suite(.timeLimit(.minutes(2))) struct TCPBackPressureTests {
    /// What one end has sent and taken, and whether it reads.
    private final class End: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        final class Count: Sendable {
            let sent = Atomic<Int>(0)
            let taken = Atomic<Int>(0)
            let reads = Atomic<Bool>(false)
            let wrong = Atomic<Bool>(false)
        }

        static let chunk = ByteBuffer(bytes: (0..<65_536).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) })
        private let count: Count
        /// How much it sends.
        private let total: Int
        private var isStarted = false

        init(_ count: Count, total: Int) {
            self.count = count
            self.total = total
        }

        func channelActive(context: ChannelHandlerContext) { self.start(context) }
        func handlerAdded(context: ChannelHandlerContext) { if context.channel.isActive { self.start(context) } }

        private func start(_ context: ChannelHandlerContext) {
            guard !self.isStarted else { return }
            self.isStarted = true
            self.send(context)
            self.readMore(context)
        }

        /// Reads while it may; looks again where it may not.
        private func readMore(_ context: ChannelHandlerContext) {
            if self.count.reads.load(ordering: .relaxed) { return context.read() }
            let context = NIOLoopBound(context, eventLoop: context.eventLoop)
            context.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(5)) { self.readMore(context.value) }
        }

        private func send(_ context: ChannelHandlerContext) {
            while context.channel.isWritable, self.count.sent.load(ordering: .relaxed) < self.total {
                self.count.sent.wrappingAdd(Self.chunk.readableBytes, ordering: .relaxed)
                context.writeAndFlush(self.wrapOutboundOut(Self.chunk), promise: nil)
            }
        }

        func channelWritabilityChanged(context: ChannelHandlerContext) { self.send(context) }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let bytes = self.unwrapInboundIn(data)
            let start = self.count.taken.load(ordering: .relaxed) % Self.chunk.readableBytes
            let first = bytes.readableBytesView.first
            if first != Self.chunk.getInteger(at: start, as: UInt8.self) { self.count.wrong.store(true, ordering: .relaxed) }
            self.count.taken.wrappingAdd(bytes.readableBytes, ordering: .relaxed)
        }

        func channelReadComplete(context: ChannelHandlerContext) { self.readMore(context) }
    }

    private static let total = 64 * 1024 * 1024

    @Test(arguments: [true, false]) func `a big stream to a slow reader is held back, and comes whole`(upwards: Bool) async throws {
        let harness = try await ProxyHarness()
        let group = MultiThreadedEventLoopGroup.singleton
        let (up, down) = (End.Count(), End.Count())
        let (sender, reader) = upwards ? (down, up) : (up, down)
        sender.reads.store(true, ordering: .relaxed)
        let upstream = try await ServerBootstrap(group: group)
            .childChannelOption(.autoRead, value: false)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(End(up, total: upwards ? 0 : Self.total))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let listener = Listener(name: "l", address: .host("127.0.0.1", port: 0), filterChains: [.tcp("c")])
        try await harness.proxy.apply(ProxySnapshot([listener], [.loopback("c", upstream.localAddress?.port ?? 0)]))
        let client = try await ClientBootstrap(group: group)
            .channelOption(.autoRead, value: false)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(End(down, total: upwards ? Self.total : 0))
                }
            }
            .connect(host: "127.0.0.1", port: harness.port).get()
        // It stops: what has been sent does not grow any more, and is little more than the sockets of the system hold.
        var before = -1
        try await waitUntil("the sender to be held back", within: .seconds(30)) {
            let now = sender.sent.load(ordering: .relaxed)
            defer { before = now }
            try await Task.sleep(for: .milliseconds(100))
            return now > 0 && now == before
        }
        #expect(before < Self.total / 2)
        let taken = reader.taken.load(ordering: .relaxed)
        #expect(taken == 0)
        reader.reads.store(true, ordering: .relaxed)
        try await waitUntil("all of it to arrive", within: .seconds(60)) { reader.taken.load(ordering: .relaxed) == Self.total }
        let isWrong = reader.wrong.load(ordering: .relaxed)
        #expect(!isWrong)
        try await client.close()
        try await harness.stop()
        try await upstream.close()
    }
}
