// SPDX-License-Identifier: Apache-2.0
import NIOCore
import NIOPosix

/// A client that sends one request after the other on the same connection.
struct KeptConnection {
    let channel: any Channel
    private let reader: NIOLoopBound<Reader>

    init(port: Int, group: MultiThreadedEventLoopGroup) async throws {
        let loop = group.next()
        let reader = try await loop.submit { NIOLoopBound(Reader(), eventLoop: loop) }.get()
        self.reader = reader
        self.channel = try await ClientBootstrap(group: loop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(reader.value) }
            }
            .connect(host: "127.0.0.1", port: port).get()
    }

    /// What comes in one piece: enough for small answers.
    func get() async throws -> String {
        let promise = self.channel.eventLoop.makePromise(of: String.self)
        let reader = self.reader
        let channel = self.channel
        self.channel.eventLoop.execute {
            reader.value.next = promise
            channel.writeAndFlush(ByteBuffer(string: "GET / HTTP/1.1\r\nHost: a\r\n\r\n"), promise: nil)
        }
        return try await promise.futureResult.get()
    }

    private final class Reader: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        var next: EventLoopPromise<String>?

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            self.next?.succeed(String(buffer: self.unwrapInboundIn(data)))
            self.next = nil
        }

        func channelInactive(context: ChannelHandlerContext) { self.next?.fail(ChannelError.eof) }
    }
}
