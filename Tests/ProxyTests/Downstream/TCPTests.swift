// SPDX-License-Identifier: Apache-2.0
import NIOCore
import NIOPosix
import Proxy
import ProxyModel
import Testing

@Suite(.timeLimit(.minutes(1))) struct TCPTests {
    private static func snapshot(port: Int, idle: Duration? = nil) -> ProxySnapshot {
        let proxy = TCPProxy(
            statPrefix: "t", clusters: .single("c"), idleTimeout: idle,
            accessLogs: [AccessLogConfiguration(path: "log", format: .text("%BYTES_RECEIVED% %BYTES_SENT% %RESPONSE_FLAGS%\n"))])
        let listener = Listener(
            name: "l", address: .host("127.0.0.1", port: 0), filterChains: [FilterChain(terminal: .tcp(proxy))])
        let cluster = Cluster(
            name: "c",
            endpointSource: .fixed(EndpointSet(endpoints: [Endpoint(address: .host("127.0.0.1", port: port))])))
        return ProxySnapshot(listeners: ["l": listener], clusters: ["c": cluster])
    }

    @Test func `each side may end what it says before the other`() async throws {
        let harness = try await ProxyHarness()
        let upstream = try await ServerBootstrap(group: harness.group)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(AnswersAtEnd()) }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        try await harness.proxy.apply(Self.snapshot(port: upstream.localAddress?.port ?? 0))
        let large = String(repeating: "0123456789abcdef", count: 100_000)
        for text in ["", "hello", large] {
            let client = try await WireClient(group: harness.group, port: harness.port)
            if !text.isEmpty { try await client.send(text) }
            try await client.finishOutput()
            let answer = try await client.waitForEnd()
            #expect(answer.utf8.count == text.utf8.count + 3)
            #expect(answer.hasSuffix("bye"))
            await client.close()
        }
        #expect(try await harness.log.first(3) == ["0 3 -", "5 8 -", "1600000 1600003 -"])
        #expect(await harness.proxy.connectionCount() == 0)
        try await harness.stop()
    }

    @Test func `a connection on which nothing moves is closed`() async throws {
        let harness = try await ProxyHarness()
        let upstream = try await ScriptedUpstream(group: harness.group, always: .silence)
        try await harness.proxy.apply(Self.snapshot(port: upstream.port, idle: .seconds(3)))
        let client = try await WireClient(group: harness.group, port: harness.port)
        try await client.send("hello")
        #expect(try await client.waitForEnd().isEmpty)
        #expect(try await harness.log.first(1) == ["5 0 -"])
        try await harness.stop()
    }

    @Test func `nobody to connect to closes the connection`() async throws {
        let harness = try await ProxyHarness()
        try await harness.proxy.apply(Self.snapshot(port: 1))
        let client = try await WireClient(group: harness.group, port: harness.port)
        #expect(try await client.waitForEnd().isEmpty)
        #expect(try await harness.log.first(1) == ["0 0 UF,URX"])
        try await harness.stop()
    }

    /// Sends back what it got and `bye`, once its client has finished.
    private final class AnswersAtEnd: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer
        private var kept = ByteBuffer()

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            var bytes = self.unwrapInboundIn(data)
            self.kept.writeBuffer(&bytes)
        }

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            guard let event = event as? ChannelEvent, event == .inputClosed else { return }
            self.kept.writeString("bye")
            let written = context.eventLoop.makePromise(of: Void.self)
            let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
            written.futureResult.whenComplete { _ in bound.value.close(promise: nil) }
            context.writeAndFlush(self.wrapOutboundOut(self.kept), promise: written)
        }
    }
}
