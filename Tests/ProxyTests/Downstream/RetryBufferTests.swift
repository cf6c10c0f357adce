// SPDX-License-Identifier: Apache-2.0
import NIOCore
import NIOPosix
import Proxy
import ProxyModel
import Synchronization
import Testing

/// How much of a body is kept for another attempt.
@Suite(.timeLimit(.minutes(1))) struct RetryBufferTests {
    /// Answers once the whole body is there: the first request with 503, the others with 200.
    private final class Upstream: Sendable {
        private let count = Mutex(0)
        var answers: Int { self.count.withLock { $0 } }

        func next() -> String {
            let number = self.count.withLock { count in
                count += 1
                return count
            }
            return "HTTP/1.1 \(number == 1 ? 503 : 200) X\r\nContent-Length: 0\r\n\r\n"
        }

        func start(_ group: MultiThreadedEventLoopGroup, size: Int) async throws -> Int {
            let channel = try await ServerBootstrap(group: group)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Reader(self, size)) }
                }
                .bind(host: "127.0.0.1", port: 0).get()
            return channel.localAddress?.port ?? 0
        }
    }

    private final class Reader: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer
        private let upstream: Upstream
        private let size: Int
        private var text = ""

        init(_ upstream: Upstream, _ size: Int) {
            self.upstream = upstream
            self.size = size
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            self.text += String(buffer: self.unwrapInboundIn(data))
            guard self.text.utf8.count > self.size, let end = self.text.firstRange(of: "\r\n\r\n"),
                self.text[end.upperBound...].utf8.count >= self.size
            else { return }
            self.text = ""
            context.writeAndFlush(self.wrapOutboundOut(ByteBuffer(string: self.upstream.next())), promise: nil)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }

    @Test(
        arguments: [
            (nil, 200_000, true), (nil, 1 << 20, true), (nil, 1 << 20 + 1, false), (1000, 1000, true), (1000, 1001, false),
            (0, 1 << 20 + 1, true),
        ] as [(Int?, Int, Bool)])
    func `a body within the listener's limit is sent again`(_ limit: Int?, _ size: Int, _ isRetried: Bool) async throws {
        let harness = try await ProxyHarness()
        let upstream = Upstream()
        let port = try await upstream.start(harness.group, size: size)
        let policy = RetryPolicy(conditions: [.serverError], retries: 2, baseInterval: .milliseconds(1))
        var snapshot = ProxyHarness.snapshot(ports: [port], retry: policy)
        snapshot.listeners["l"]?.bufferLimit = limit
        try await harness.proxy.apply(snapshot)
        let answer = try await harness.exchange(
            "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: \(size)\r\n\r\n"
                + String(repeating: "x", count: size))
        #expect(answer.hasPrefix("HTTP/1.1 \(isRetried ? 200 : 503) "))
        #expect(upstream.answers == (isRetried ? 2 : 1))
        try await harness.stop()
    }
}
