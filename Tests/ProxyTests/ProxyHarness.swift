// SPDX-License-Identifier: Apache-2.0
import Logging
import NIOCore
import NIOPosix
import Proxy
import ProxyModel
import Sockets
import Synchronization

/// A proxy on loopback with one HTTP listener, in front of test upstreams.
struct ProxyHarness {
    /// Of clients and upstreams.
    let group: MultiThreadedEventLoopGroup
    let loops: SocketLoopGroup
    let proxy: ProxyServer
    let log = LogKeeper()

    init(
        threads: Int = 1, clock: MonotonicClock = .system, resolver: any HostResolver = SystemResolver()
    ) async throws {
        self.group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        self.loops = try SocketLoopGroup(numberOfLoops: threads)
        self.proxy = try await ProxyServer(
            group: self.loops, configuration: ProxyConfiguration(), accessLog: self.log, clock: clock, resolver: resolver,
            logger: Logger(label: "test"))
    }

    var port: Int { self.proxy.boundListeners.first?.port ?? 0 }

    func stop() async throws {
        await self.proxy.stop()
        try await self.loops.shutdownGracefully()
        try await self.group.shutdownGracefully()
    }

    /// One listener, one catch-all host, one cluster named `c` over `ports`.
    static func snapshot(
        ports: [Int], routes: [Route] = [], filters: [HTTPFilter] = [.router], retry: RetryPolicy? = nil, timeout: Duration = .zero,
        outlier: OutlierPolicy? = nil, limits: CircuitLimits = CircuitLimits()
    ) -> ProxySnapshot {
        let all = Route(
            name: "all", match: RouteMatch(path: .prefix("/")),
            action: .forward(ForwardAction(clusters: .single("c"), timeout: timeout, retry: retry)))
        let table = RouteTable(name: "t", virtualHosts: [VirtualHost(name: "h", domains: ["*"], routes: routes + [all])])
        let manager = HTTPConnectionManager(statPrefix: "s", routes: .inline(table), filters: filters)
        let listener = Listener(
            name: "l", address: .host("127.0.0.1", port: 0), filterChains: [FilterChain(terminal: .http(manager))])
        let endpoints = ports.map { Endpoint(address: .host("127.0.0.1", port: $0)) }
        let cluster = Cluster(
            name: "c", endpointSource: .fixed(EndpointSet(endpoints: endpoints)), balancing: .roundRobin, circuitLimits: limits,
            outlierPolicy: outlier, panicThreshold: 0)
        return ProxySnapshot(listeners: ["l": listener], clusters: ["c": cluster])
    }

    /// Sends `text` on a connection of its own and reads until the proxy closes.
    func exchange(_ text: String) async throws -> String {
        // One loop for both: an answer that comes as the loops end would be lost on its way to another.
        let loop = self.group.next()
        let promise = loop.makePromise(of: String.self)
        let channel = try await ClientBootstrap(group: loop)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Collector(promise)) }
            }
            .connect(host: "127.0.0.1", port: self.port).get()
        try await channel.writeAndFlush(ByteBuffer(string: text)).get()
        return try await promise.futureResult.get()
    }

    func get(_ path: String, headers: String = "") async throws -> String {
        try await self.exchange("GET \(path) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\(headers)\r\n")
    }
}

/// Collects everything until the connection closes.
private final class Collector: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let promise: EventLoopPromise<String>
    private var text = ""

    init(_ promise: EventLoopPromise<String>) { self.promise = promise }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { self.text += String(buffer: self.unwrapInboundIn(data)) }
    func channelInactive(context: ChannelHandlerContext) { self.promise.succeed(self.text) }
    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

/// An upstream that answers each request head with fixed bytes; an empty answer closes the connection.
struct TestUpstream {
    let channel: any Channel
    private let accepted = ConnectionCount()
    var port: Int { self.channel.localAddress?.port ?? 0 }

    init(group: MultiThreadedEventLoopGroup, answer: String) async throws {
        let accepted = self.accepted
        self.channel = try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                accepted.value.wrappingAdd(1, ordering: .relaxed)
                return channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Answerer(answer)) }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    /// Connections accepted so far.
    var connectionCount: Int { self.accepted.value.load(ordering: .relaxed) }

    static func ok(_ body: String) -> String { "HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)" }
}

private final class Answerer: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer
    private let answer: String
    private var text = ""

    init(_ answer: String) { self.answer = answer }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        self.text += String(buffer: self.unwrapInboundIn(data))
        guard self.text.contains("\r\n\r\n") else { return }
        guard !self.answer.isEmpty else { return context.close(promise: nil) }
        let answer = self.answer.replacing("HEAD", with: self.text.prefix { $0 != "\r\n" })
        self.text = ""
        guard answer != "silence" else { return }
        context.writeAndFlush(self.wrapOutboundOut(ByteBuffer(string: answer)), promise: nil)
    }
}

private final class ConnectionCount: Sendable {
    let value = Atomic<Int>(0)
}
