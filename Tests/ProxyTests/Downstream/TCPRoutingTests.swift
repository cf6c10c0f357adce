// SPDX-License-Identifier: Apache-2.0
import MeshTestKit
import NIOCore
import NIOPosix
import NIOSSL
import NIOTLS
import Proxy
import ProxyModel
import Testing
import X509

/// Which endpoint the bytes of a connection go to, and for how long.
@Suite(.timeLimit(.minutes(1))) struct TCPRoutingTests {
    private static func listener(_ chains: [FilterChain], filters: [ListenerFilter] = []) -> Listener {
        Listener(name: "l", address: .host("127.0.0.1", port: 0), filterChains: chains, listenerFilters: filters)
    }

    /// What the endpoint says to a connection that sends `text`.
    private static func greeting(_ harness: ProxyHarness, _ text: String = "", count: Int = 1) async throws -> String {
        let client = try await RawConnection.open(port: harness.port)
        if !text.isEmpty { try await client.send(text) }
        let answer = await client.receive(within: .seconds(5)) { $0.bytes.count >= count }
        await client.close()
        return answer.text
    }

    @Test func `TLS is passed through by the name that it asks for`() async throws {
        let authority = try TestAuthority()
        let harness = try await ProxyHarness()
        var clusters: [Cluster] = []
        for name in ["a.example", "b.example", "other"] {
            let (chain, key) = try authority.server([.dnsName(name)])
            let configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: try NIOSSLCertificate.fromPEMBytes(Array(chain.utf8)).map { .certificate($0) },
                privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(key.utf8), format: .pem)))
            let context = try NIOSSLContext(configuration: configuration)
            let server = try await ServerBootstrap(group: harness.group)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
                    }
                }
                .bind(host: "127.0.0.1", port: 0).get()
            clusters.append(.loopback(name, server.localAddress?.port ?? 0))
        }
        let chains = [
            FilterChain.tcp("a.example", FilterChainMatch(serverNames: ["a.example"])),
            .tcp("b.example", FilterChainMatch(serverNames: ["*.b.example", "b.example"])),
            .tcp("other", FilterChainMatch(transport: .tls)),
        ]
        try await harness.proxy.apply(ProxySnapshot([Self.listener(chains, filters: [.tlsInspector])], clusters))
        let cases = [
            ("a.example", "a.example"), ("A.EXAMPLE", "a.example"), ("x.b.example", "b.example"), ("b.example", "b.example"),
            ("c.example", "other"),
        ]
        for (asked, expected) in cases {
            #expect(try await Self.certificateName(asked, port: harness.port) == expected, "\(asked)")
        }
        #expect(try await RawConnection.exchange("hello", port: harness.port) == RawAnswer(isClosed: true))
        try await harness.stop()
    }

    /// The name in the certificate that a server shows to who asks for `name`.
    private static func certificateName(_ name: String, port: Int) async throws -> String? {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .none
        let context = try NIOSSLContext(configuration: configuration)
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let promise = loop.makePromise(of: String?.self)
        let channel = try await ClientBootstrap(group: loop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = try NIOSSLClientHandler(context: context, serverHostname: name)
                    try channel.pipeline.syncOperations.addHandlers(handler, CertificateReader(promise))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        let found = try await promise.futureResult.get()
        try? await channel.close()
        return found
    }

    @Test func `weights share out connections`() async throws {
        let harness = try await ProxyHarness()
        let heavy = try await GreetingUpstream(group: harness.group, greeting: "h")
        let light = try await GreetingUpstream(group: harness.group, greeting: "l")
        let choice = ClusterChoice.weighted([
            WeightedCluster(name: "heavy", weight: 9), WeightedCluster(name: "light", weight: 1),
            WeightedCluster(name: "never", weight: 0),
        ])
        let chain = FilterChain(terminal: .tcp(TCPProxy(statPrefix: "t", clusters: choice)))
        try await harness.proxy.apply(
            ProxySnapshot([Self.listener([chain])], [.loopback("heavy", heavy.port), .loopback("light", light.port)]))
        var answers = ""
        for _ in 0..<200 { answers += try await Self.greeting(harness) }
        #expect(answers.count == 200)
        // 20 are expected; 4.2 is the standard deviation.
        #expect((2...50).contains(answers.count { $0 == "l" }))
        try await harness.stop()
    }

    @Test func `clients keep to one endpoint by their address`() async throws {
        let harness = try await ProxyHarness()
        var ports: [ProxySocketAddress] = []
        for name in ["1", "2", "3", "4"] {
            ports.append(.host("127.0.0.1", port: try await GreetingUpstream(group: harness.group, greeting: name).port))
        }
        var cluster = Cluster.fixed("c", ports)
        cluster.balancing = .ringHash(minimumSize: 1024, maximumSize: 8192)
        let chain = FilterChain(
            terminal: .tcp(TCPProxy(statPrefix: "t", clusters: .single("c"), hashesSource: true)))
        let listener = Self.listener([chain], filters: [.proxyProtocol(ProxyProtocolPolicy())])
        try await harness.proxy.apply(ProxySnapshot([listener], [cluster]))
        var used: Set<String> = []
        for client in 1...20 {
            var answers: Set<String> = []
            for port in 1...3 {
                answers.insert(try await Self.greeting(harness, "PROXY TCP4 10.0.0.\(client) 10.1.0.1 \(port) 80\r\n"))
            }
            #expect(answers.count == 1)
            used.formUnion(answers)
        }
        #expect(used.count > 1)
        try await harness.stop()
    }

    @Test func `another endpoint is tried as often as allowed`() async throws {
        let harness = try await ProxyHarness()
        let upstream = try await GreetingUpstream(group: harness.group, greeting: "x")
        let format = "%RESPONSE_FLAGS% %UPSTREAM_TRANSPORT_FAILURE_REASON%\n"
        func apply(attempts: Int) async throws {
            let proxy = TCPProxy(
                statPrefix: "t", clusters: .single("c"), maxConnectAttempts: attempts,
                accessLogs: [AccessLogConfiguration(path: "log", format: .text(format))])
            let listener = Self.listener([FilterChain(terminal: .tcp(proxy))])
            try await harness.proxy.apply(ProxySnapshot([listener], [.loopback("c", 1, upstream.port)]))
        }
        try await apply(attempts: 2)
        for _ in 0..<4 { #expect(try await Self.greeting(harness) == "x") }
        #expect(try await harness.log.first(4) == ["- -", "- -", "- -", "- -"])
        try await apply(attempts: 1)
        let refused = "UF,URX delayed_connect_error:_Connection_refused"
        var answers: [String] = []
        for _ in 0..<4 { answers.append(try await Self.greeting(harness)) }
        #expect(answers.sorted() == ["", "", "x", "x"])
        #expect(try await harness.log.first(8).suffix(4).sorted() == ["- -", "- -", refused, refused])
        try await harness.stop()
    }

    @Test func `a connection ends when it has lasted long enough`() async throws {
        let harness = try await ProxyHarness()
        let upstream = try await GreetingUpstream(group: harness.group, greeting: "x")
        let proxy = TCPProxy(
            statPrefix: "t", clusters: .single("c"), maxDownstreamDuration: .milliseconds(100),
            accessLogs: [AccessLogConfiguration(path: "log", format: .text("%RESPONSE_FLAGS% %UPSTREAM_HOST%\n"))])
        let listener = Self.listener([FilterChain(terminal: .tcp(proxy))])
        try await harness.proxy.apply(ProxySnapshot([listener], [.loopback("c", upstream.port)]))
        let client = try await RawConnection.open(port: harness.port)
        #expect(await client.receive(within: .seconds(5)) { _ in false } == RawAnswer(bytes: [0x78], isClosed: true))
        #expect(try await harness.log.first(1) == ["DT 127.0.0.1:\(upstream.port)"])
        try await harness.stop()
    }
}

/// Tells the DNS name in a server's certificate.
private final class CertificateReader: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private var promise: EventLoopPromise<String?>?

    init(_ promise: EventLoopPromise<String?>) { self.promise = promise }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case TLSUserEvent.handshakeCompleted? = event as? TLSUserEvent else { return }
        let handler = try? context.pipeline.syncOperations.handler(type: NIOSSLClientHandler.self)
        let text = (try? handler?.peerCertificate?.toDERBytes()).map { String(decoding: $0, as: UTF8.self) } ?? ""
        self.end(["a.example", "b.example", "other"].first { text.contains($0) })
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func channelInactive(context: ChannelHandlerContext) { self.end(nil) }

    private func end(_ name: String?) {
        self.promise?.succeed(name)
        self.promise = nil
    }
}
