// SPDX-License-Identifier: Apache-2.0
import MeshTestKit
import NIOCore
import NIOPosix
import NIOSSL
import Proxy
import ProxyModel
import Testing
import X509

/// Connections end without a failed request behind TLS too.
@Suite(.timeLimit(.minutes(2))) struct TLSDrainTests {
    /// A connection whose handshake the test begins, and what comes after it.
    private final class Keeper: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let ended: EventLoopPromise<String>
        private var text = ""

        init(_ ended: EventLoopPromise<String>) { self.ended = ended }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) { self.text += String(buffer: self.unwrapInboundIn(data)) }
        func channelInactive(context: ChannelHandlerContext) { self.ended.succeed(self.text) }
        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }

    private struct Client {
        let channel: any Channel
        let answer: EventLoopFuture<String>

        init(port: Int) async throws {
            let loop = MultiThreadedEventLoopGroup.singleton.next()
            let ended = loop.makePromise(of: String.self)
            self.answer = ended.futureResult
            self.channel = try await ClientBootstrap(group: loop)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Keeper(ended)) }
                }
                .connect(host: "127.0.0.1", port: port).get()
        }

        func handshake() async throws {
            var settings = TLSConfiguration.makeClientConfiguration()
            settings.certificateVerification = .none
            let context = try NIOSSLContext(configuration: settings)
            let channel = self.channel
            try await channel.eventLoop.submit {
                let handler = try NIOSSLClientHandler(context: context, serverHostname: nil)
                try channel.pipeline.syncOperations.addHandler(handler, position: .first)
            }.get()
        }

        func send(_ text: String) async throws { try await self.channel.writeAndFlush(ByteBuffer(string: text)) }
    }

    private static func snapshot(_ port: Int) throws -> ProxySnapshot {
        let server = try TestAuthority().server([.dnsName("a")])
        let tls = ServerTLSContext(
            common: TLSSettings(
                certificates: [.inline(chain: server.chain, key: SecretBytes(pem: server.key))],
                applicationProtocols: ["h2", "http/1.1"]))
        var snapshot = ProxyHarness.snapshot(ports: [port])
        guard var listener = snapshot.listeners["l"], var chain = listener.filterChains.first else { return snapshot }
        listener.listenerFilters = [.tlsInspector]
        let plain = chain
        chain.tls = tls
        chain.match = FilterChainMatch(transport: .tls)
        listener.filterChains = [chain, plain]
        snapshot.listeners["l"] = listener
        return snapshot
    }

    @Test(arguments: DrainCause.allCases)
    func `a handshake that is not finished is finished, and a request answered`(cause: DrainCause) async throws {
        let harness = try await ProxyHarness()
        let upstream = try await TestUpstream(group: harness.group, answer: TestUpstream.ok("fine"))
        let snapshot = try Self.snapshot(upstream.port)
        try await harness.proxy.apply(snapshot)
        let client = try await Client(port: harness.port)
        let drain = try await cause.begin(harness, snapshot)
        try await client.handshake()
        try await client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        let answer = try await client.answer.get()
        #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n") && answer.hasSuffix("fine"))
        drain.cancel()
        try await harness.stop()
    }

    @Test(arguments: DrainCause.allCases)
    func `a request in flight behind TLS is answered, and the connection ends`(cause: DrainCause) async throws {
        let harness = try await ProxyHarness()
        let upstream = try await RawServer()
        let snapshot = try Self.snapshot(upstream.port)
        try await harness.proxy.apply(snapshot)
        let client = try await Client(port: harness.port)
        try await client.handshake()
        try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        let behind = try await upstream.connection(0)
        try await behind.receive("\r\n\r\n")
        let drain = try await cause.begin(harness, snapshot)
        try await behind.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine")
        let answer = try await client.answer.get()
        #expect(answer.lowercased().contains("\r\nconnection: close\r\n") && answer.hasSuffix("fine"))
        drain.cancel()
        try await harness.stop()
        await upstream.stop()
    }
}
