// SPDX-License-Identifier: Apache-2.0
import MeshTestKit
import Proxy
import ProxyModel
import Synchronization
import Testing

/// In a tunnel, too, who does not read is not sent to: in both directions, whatever the tunnel is made of.
@Suite(.serialized, .timeLimit(.minutes(5))) struct TunnelBackPressureTests {
    enum Kind: String, Sendable, CaseIterable {
        case webSocket, connect, terminatedConnect, connectOverHTTP2, webSocketToHTTP2, tcp, tls
    }

    /// What kernel and proxy may hold on the way; what is offered is many times more.
    private static let bound = 48 << 20
    private static let offered = 256 << 20
    private static let part = [UInt8](repeating: 0x61, count: 256 << 10)

    /// Bytes that a connection has taken from its writer.
    private final class Writer: Sendable {
        let taken = Mutex(0)

        func run(_ connection: RawConnection) async {
            for _ in 0..<(TunnelBackPressureTests.offered / TunnelBackPressureTests.part.count) {
                guard (try? await connection.send(TunnelBackPressureTests.part)) != nil else { return }
                self.taken.withLock { $0 += TunnelBackPressureTests.part.count }
            }
        }

        /// On a stream, as its windows allow.
        func run(_ client: RawHTTP2, stream: UInt32) async {
            var sent = 0
            while sent < TunnelBackPressureTests.offered {
                let allowed = sent
                let answer = await client.connection.receive(within: .seconds(60)) {
                    RawHTTP2.allowance(of: stream, $0) >= allowed + 16_384
                }
                guard RawHTTP2.allowance(of: stream, answer) >= sent + 16_384,
                    (try? await client.send(RawHTTP2.data([UInt8](repeating: 0x61, count: 16_384), stream: stream))) != nil
                else { return }
                sent += 16_384
                self.taken.withLock { $0 = sent }
            }
        }

        /// Once nothing has been taken for a while: everything on the way is full.
        func settled() async throws -> Int {
            var last = -1
            var since = ContinuousClock.now
            try await waitUntil("the writer to be stopped", within: .seconds(60)) {
                let now = self.taken.withLock { $0 }
                if now != last {
                    last = now
                    since = .now
                }
                return now > 0 && ContinuousClock.now - since > .milliseconds(500)
            }
            return last
        }
    }

    private static func snapshot(_ kind: Kind, port: Int) -> ProxySnapshot {
        if kind == .tcp || kind == .tls {
            let listener = Listener(name: "l", address: .host("127.0.0.1", port: 0), filterChains: [.tcp("c")])
            return ProxySnapshot([listener], [.loopback("c", port)])
        }
        let ends = kind == .terminatedConnect || kind == .connectOverHTTP2
        let upgrades = ends ? ["connect": RouteUpgrade(terminatesConnect: true)] : [:]
        let tunnels = Route(
            name: "tunnels", match: RouteMatch(path: .connect),
            action: .forward(ForwardAction(clusters: .single("c"), timeout: .zero, upgrades: upgrades)))
        return ProxyHarness.snapshot(ports: [port], routes: [tunnels]).with(
            manager: { manager in
                manager.upgrades = ["websocket", "connect"]
                manager.http2.acceptsConnect = true
            }, cluster: { $0.upstreamProtocol = kind == .webSocketToHTTP2 ? .http2 : .http1 })
    }

    /// One tunnel that stands: the client's end and the endpoint's.
    private struct Tunnel {
        var harnesses: [ProxyHarness] = []
        let upstream: RawServer
        let client: RawConnection
        let server: RawConnection
        /// The client's end is a stream.
        var stream: RawHTTP2?

        init(_ kind: Kind, clientReads: Bool) async throws {
            // An end that does not read begins when the tunnel stands; what comes before that fits into the kernel.
            self.upstream = try await RawServer(reads: clientReads == false)
            var port = self.upstream.port
            if kind == .tls || kind == .webSocketToHTTP2 {
                let hop = try await Self.hop(kind, to: port)
                self.harnesses.append(hop)
                port = hop.port
            }
            let harness = try await ProxyHarness()
            self.harnesses.append(harness)
            var snapshot = TunnelBackPressureTests.snapshot(kind, port: port)
            if kind == .tls { snapshot.clusters["c"]?.tls = ProxyPair.clientTLS }
            try await harness.proxy.apply(snapshot)
            if kind == .tls { harness.proxy.certificates.update(try Self.authority.credential("web")) }
            if kind == .connectOverHTTP2 {
                let stream = try await RawHTTP2(
                    port: harness.port, settings: [0, 4, 0x7F, 0xFF, 0xFF, 0xFF], reads: clientReads)
                try await stream.send(RawHTTP2.frame(8, payload: RawHTTP2.number(0x7FFF_0000 - 65_535)))
                try await stream.send(RawHTTP2.headers([(":method", "CONNECT"), (":authority", "a:80")], stream: 1, ends: false))
                self.client = stream.connection
                self.stream = stream
            } else {
                self.client = try await RawConnection.open(port: harness.port, reads: clientReads)
                switch kind {
                case .tcp, .tls: try await self.client.send("hello")
                case .webSocket, .webSocketToHTTP2:
                    try await self.client.send(
                        "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                default: try await self.client.send("CONNECT a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n")
                }
            }
            self.server = try await self.upstream.connection(0)
            switch kind {
            case .webSocket, .webSocketToHTTP2:
                // Key and answer are the example of RFC 6455 1.3.
                try await self.server.send(
                    "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n"
                        + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n")
            case .connect: try await self.server.send("HTTP/1.1 200 OK\r\n\r\n")
            default: break
            }
            guard clientReads else { return }
            if let stream = self.stream {
                _ = await stream.connection.receive(within: .seconds(10)) { RawHTTP2.frames($0.bytes).contains { $0.type == 1 } }
            } else if kind != .tcp && kind != .tls {
                try await self.client.receive("\r\n\r\n")
            }
        }

        private static let authority: TestAuthority = {
            guard let authority = try? TestAuthority() else { preconditionFailure("no authority can be made") }
            return authority
        }()

        /// A proxy behind the first: where TLS, or HTTP/2, ends.
        private static func hop(_ kind: Kind, to port: Int) async throws -> ProxyHarness {
            let hop = try await ProxyHarness()
            var snapshot = TunnelBackPressureTests.snapshot(kind == .tls ? .tcp : .webSocket, port: port)
            if kind == .tls {
                snapshot.listeners["l"]?.filterChains[0].tls = ProxyPair.serverTLS
            }
            try await hop.proxy.apply(snapshot)
            if kind == .tls { hop.proxy.certificates.update(try Self.authority.credential("server")) }
            return hop
        }

        func stop() async throws {
            await self.client.close()
            await self.upstream.stop()
            for harness in self.harnesses { try await harness.stop() }
        }
    }

    @Test(arguments: Kind.allCases) func `a client that does not read`(_ kind: Kind) async throws {
        let tunnel = try await Tunnel(kind, clientReads: false)
        let writer = Writer()
        let writing = Task { await writer.run(tunnel.server) }
        let held = try await writer.settled()
        #expect(held < Self.bound)
        try await tunnel.client.startReading()
        try await waitUntil("more to be taken", within: .seconds(30)) { writer.taken.withLock { $0 } > held + (8 << 20) }
        await tunnel.client.close()
        await tunnel.server.close()
        await writing.value
        try await tunnel.stop()
    }

    @Test(arguments: Kind.allCases) func `an endpoint that does not read`(_ kind: Kind) async throws {
        let tunnel = try await Tunnel(kind, clientReads: true)
        let writer = Writer()
        let writing = Task {
            if let stream = tunnel.stream { await writer.run(stream, stream: 1) } else { await writer.run(tunnel.client) }
        }
        let held = try await writer.settled()
        #expect(held < Self.bound)
        try await tunnel.server.startReading()
        try await waitUntil("more to be taken", within: .seconds(30)) { writer.taken.withLock { $0 } > held + (8 << 20) }
        await tunnel.client.close()
        await tunnel.server.close()
        await writing.value
        try await tunnel.stop()
    }
}
