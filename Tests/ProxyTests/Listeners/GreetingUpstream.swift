// SPDX-License-Identifier: Apache-2.0
import NIOCore
import NIOPosix
import Synchronization

/// An upstream that speaks first, as MySQL does, then sends back what it hears; and remembers all it heard.
final class GreetingUpstream: Sendable {
    private let channel: any Channel
    private let heard: Heard

    private final class Heard: Sendable {
        let text = Mutex("")
        let connections = Atomic<Int>(0)
    }

    var port: Int { self.channel.localAddress?.port ?? 0 }
    var connectionCount: Int { self.heard.connections.load(ordering: .relaxed) }
    /// Over all connections.
    var received: String { self.heard.text.withLock { $0 } }

    init(
        group: MultiThreadedEventLoopGroup, greeting: String = "", echoes: Bool = true,
        at address: SocketAddress? = nil
    ) async throws {
        let heard = Heard()
        self.heard = heard
        let bootstrap = ServerBootstrap(group: group).childChannelInitializer { channel in
            heard.connections.wrappingAdd(1, ordering: .relaxed)
            return channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(Speaker(greeting: greeting, echoes: echoes, heard: heard))
            }
        }
        if let address {
            self.channel = try await bootstrap.bind(to: address).get()
        } else {
            self.channel = try await bootstrap.bind(host: "127.0.0.1", port: 0).get()
        }
    }

    func close() async throws { try await self.channel.close() }

    private final class Speaker: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer
        private let greeting: String
        private let echoes: Bool
        private let heard: Heard

        init(greeting: String, echoes: Bool, heard: Heard) {
            self.greeting = greeting
            self.echoes = echoes
            self.heard = heard
        }

        func channelActive(context: ChannelHandlerContext) {
            guard !self.greeting.isEmpty else { return }
            context.writeAndFlush(self.wrapOutboundOut(ByteBuffer(string: self.greeting)), promise: nil)
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let bytes = self.unwrapInboundIn(data)
            self.heard.text.withLock { $0 += String(buffer: bytes) }
            if self.echoes { context.writeAndFlush(self.wrapOutboundOut(bytes), promise: nil) }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
