// SPDX-License-Identifier: Apache-2.0
import Foundation
import NIOCore
import NIOPosix
import Sockets
import Testing

@testable import Proxy

/// Bytes keep their order whether the socket takes them at once or not.
struct SocketOutputTests {
    /// Writes what the test wants as soon as it is told that the connection is there.
    private final class Writer: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        let output = SocketOutput(scratch: WriteScratch())
        let isPlain: Bool
        let script: (SocketOutput) -> Void

        init(isPlain: Bool, script: @escaping (SocketOutput) -> Void) {
            self.isPlain = isPlain
            self.script = script
        }

        func channelActive(context: ChannelHandlerContext) {
            self.output.attach(context, isPlain: self.isPlain)
            self.script(self.output)
            self.output.flush()
            // Its promise is kept behind everything that waits before it.
            context.writeAndFlush(NIOAny(ByteBuffer())).assumeIsolated().whenComplete { _ in context.close(promise: nil) }
        }

        func handlerRemoved(context: ChannelHandlerContext) { self.output.detach() }
    }

    /// Sizes of pieces, small ones that are gathered and large ones that are not; `flushes` after every so many.
    struct Case: CustomTestStringConvertible, Sendable {
        var testDescription: String
        var sizes: [Int]
        var flushesAfter: Int
    }

    static let cases = [
        Case(testDescription: "one small piece", sizes: [100], flushesAfter: 1),
        Case(testDescription: "small and large in turns", sizes: [100, 20_000, 3, 9_000, 8_192, 8_193, 1], flushesAfter: 100),
        Case(testDescription: "more pieces than one call takes", sizes: Array(repeating: 10_000, count: 50), flushesAfter: 100),
        Case(testDescription: "far more than the socket takes", sizes: Array(repeating: 300_000, count: 20), flushesAfter: 1),
        Case(
            testDescription: "small ones behind one that waits", sizes: [4_000_000] + Array(repeating: 50, count: 200),
            flushesAfter: 3),
    ]

    @Test("what was written arrives, in order", arguments: Self.cases, [true, false])
    func order(_ example: Case, isPlain: Bool) async throws {
        let loops = try SocketLoopGroup(numberOfLoops: 1)
        let server = try await ListeningSocket.bind(
            SocketAddress(ipAddress: "127.0.0.1", port: 0), backlog: 8, group: loops
        ) { channel in
            try channel.pipeline.syncOperations.addHandler(
                Writer(isPlain: isPlain) { output in
                    for (index, size) in example.sizes.enumerated() {
                        output.append(ByteBuffer(repeating: Self.byte(index), count: size))
                        if (index + 1) % example.flushesAfter == 0 { output.flush() }
                    }
                })
        }
        let received = try await Self.readToEnd(try #require(server.address.port))
        await server.close()
        try await loops.shutdownGracefully()
        var wanted = ByteBuffer()
        for (index, size) in example.sizes.enumerated() { wanted.writeRepeatingByte(Self.byte(index), count: size) }
        #expect(received == wanted)
    }

    private static func byte(_ index: Int) -> UInt8 { UInt8(truncatingIfNeeded: index &* 7 &+ 1) }

    private static func readToEnd(_ port: Int) async throws -> ByteBuffer {
        let client = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await client.executeThenClose { inbound, _ in
            var bytes = ByteBuffer()
            for try await var part in inbound { bytes.writeBuffer(&part) }
            return bytes
        }
    }

    @Test("a channel that is closed is not written to: its descriptor may be another's by now")
    func closed() async throws {
        let loops = try SocketLoopGroup(numberOfLoops: 1)
        let server = try await ListeningSocket.bind(
            SocketAddress(ipAddress: "127.0.0.1", port: 0), backlog: 8, group: loops
        ) { channel in
            try channel.pipeline.syncOperations.addHandler(
                Writer(isPlain: true) { output in
                    channel.close(promise: nil)
                    output.append(ByteBuffer(string: "must not arrive"))
                })
        }
        let received = try await Self.readToEnd(try #require(server.address.port))
        #expect(received.readableBytes == 0)
        await server.close()
        try await loops.shutdownGracefully()
    }
}
