// SPDX-License-Identifier: Apache-2.0
import HTTP1
import NIOCore
import NIOSSL
import ProxyCore
import ProxyModel
import Sockets

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Makes connections to one endpoint: TCP, then TLS where the endpoint speaks it, then the check of who answered.
final class UpstreamDialer {
    /// A failure as an error, for `Result`.
    struct Refusal: Error { var failure: UpstreamFailure }

    /// Where the endpoint is: the same for a dialer and its copies.
    private final class Place {
        var address: SocketAddress

        init(_ address: SocketAddress) { self.address = address }
    }

    let eventLoop: SocketLoop
    private let place: Place
    private let tls: UpstreamTLS?
    /// Asked for each request: looking into `tls` for it would copy all of that.
    let isTLS: Bool
    /// The identity that the endpoint must prove, if there is only one.
    let expectedPrincipal: String?
    private let vault: CertificateVault
    private let connectTimeout: TimeAmount
    let keepAlive: TCPKeepAlive?
    private let limits: HTTP1Limits
    private let scratch: WriteScratch
    private let handshakes: TLSStats
    /// How connections begin; nil: with what is said on them.
    let proxyProtocol: ProxyProtocolOutput?
    /// Those bytes, for one client.
    private let firstBytes: ByteBuffer?

    init(
        eventLoop: SocketLoop, address: SocketAddress, tls: UpstreamTLS?, vault: CertificateVault, connectTimeout: TimeAmount,
        limits: HTTP1Limits = HTTP1Limits(), scratch: WriteScratch = WriteScratch(),
        proxyProtocol: ProxyProtocolOutput? = nil, keepAlive: TCPKeepAlive? = nil, handshakes: TLSStats = TLSStats()
    ) {
        self.handshakes = handshakes
        self.keepAlive = keepAlive
        self.proxyProtocol = proxyProtocol
        self.firstBytes = nil
        self.scratch = scratch
        self.eventLoop = eventLoop
        self.place = Place(address)
        self.tls = tls
        self.isTLS = tls != nil
        self.expectedPrincipal = tls?.expectedPrincipal
        self.vault = vault
        self.connectTimeout = connectTimeout
        self.limits = limits
    }

    /// Another way to the same place.
    private init(_ other: UpstreamDialer, tls: UpstreamTLS?, firstBytes: ByteBuffer?) {
        self.handshakes = other.handshakes
        self.keepAlive = other.keepAlive
        self.proxyProtocol = other.proxyProtocol
        self.firstBytes = firstBytes
        self.scratch = other.scratch
        self.eventLoop = other.eventLoop
        self.place = other.place
        self.tls = tls
        self.isTLS = tls != nil
        self.expectedPrincipal = other.expectedPrincipal
        self.vault = other.vault
        self.connectTimeout = other.connectTimeout
        self.limits = other.limits
    }

    /// The dialer for one client of whom the endpoint is told.
    func speaking(for ends: ConnectionEnds) -> UpstreamDialer {
        guard let output = self.proxyProtocol else { return self }
        let bytes = ProxyProtocolHeader.bytes(output, ends: ends.announced, kept: ends.keptValues)
        return UpstreamDialer(self, tls: self.tls, firstBytes: bytes)
    }

    /// The dialer for requests to one host.
    func speaking(to host: HostName, _ naming: PeerNaming) -> UpstreamDialer {
        UpstreamDialer(self, tls: self.tls?.speaking(to: host, naming), firstBytes: self.firstBytes)
    }

    /// The endpoint has another address now: connections from here on go there.
    func move(to address: SocketAddress) { self.place.address = address }

    /// What a connection's handler writes is what goes into the socket.
    private var isPlain: Bool { self.tls == nil && self.firstBytes == nil }

    /// An HTTP/1 connection for a pool. `done` runs on the loop, exactly once.
    func connect(for pool: EndpointPool, _ done: @escaping (Result<UpstreamConnection, Refusal>) -> Void) {
        self.dial(protocols: [ApplicationProtocol.http1], readsByHand: false) { [self] result in
            done(result.flatMap { self.http1($0.channel, for: pool) })
        }
    }

    /// The same in HTTP/2.
    func connectHTTP2(
        for pool: HTTP2Pool, limits: HTTP2ConnectionLimits,
        _ done: @escaping (Result<HTTP2UpstreamConnection, Refusal>) -> Void
    ) {
        self.dial(protocols: [ApplicationProtocol.http2], readsByHand: false) { [self] result in
            done(result.flatMap { self.http2($0.channel, for: pool, limits: limits) })
        }
    }

    /// A channel on which the endpoint wants to hear what it has chosen. Without TLS it has no choice.
    func negotiate(_ done: @escaping (Result<DialedChannel, Refusal>) -> Void) {
        self.dial(protocols: ApplicationProtocol.either, readsByHand: false, done)
    }

    func http1(_ channel: SocketChannel, for pool: EndpointPool) -> Result<UpstreamConnection, Refusal> {
        Self.add(UpstreamConnection(pool: pool, limits: self.limits, scratch: self.scratch, isPlain: self.isPlain), to: channel)
    }

    func http2(
        _ channel: SocketChannel, for pool: HTTP2Pool, limits: HTTP2ConnectionLimits
    ) -> Result<HTTP2UpstreamConnection, Refusal> {
        let connection = HTTP2UpstreamConnection(
            pool: pool, limits: limits, isTLS: self.isTLS, isPlain: self.isPlain, scratch: self.scratch, loop: self.eventLoop)
        return Self.add(connection, to: channel)
    }

    private static func add<Connection: ChannelHandler>(
        _ connection: Connection, to channel: SocketChannel
    ) -> Result<Connection, Refusal> {
        do {
            try channel.pipeline.syncOperations.addHandler(connection)
            return .success(connection)
        } catch {
            channel.close(promise: nil)
            return .failure(Refusal(failure: .connectFailed("closed")))
        }
    }

    /// A bare channel, TLS finished, nothing read yet.
    /// - Parameters:
    ///   - protocols: Offered where the TLS context names none.
    ///   - readsByHand: Whether its owner asks for every read.
    func dial(
        halfClosure: Bool = false, protocols: [String] = [], readsByHand: Bool,
        _ done: @escaping (Result<DialedChannel, Refusal>) -> Void
    ) {
        let handlers: HandshakeWaiter?
        let context: NIOSSLContext?
        do {
            (handlers, context) = try self.handshake(protocols: protocols, readsByHand: readsByHand)
        } catch {
            return done(.failure(Refusal(failure: .handshakeFailed("\(error)"))))
        }
        let serverName = self.tls?.settings.serverName
        let firstBytes = self.firstBytes
        let autoRead = self.tls != nil || !readsByHand
        // A Unix socket has no way on which a peer could get lost.
        let keepAlive = self.place.address.port == nil ? nil : self.keepAlive
        SocketChannel.connect(to: self.place.address, on: self.eventLoop, timeout: self.connectTimeout) { channel in
            channel.setReading(autoRead)
            if halfClosure { channel.allowHalfClosure() }
            // Values that the system does not take are no reason not to connect.
            if let keepAlive {
                try? channel.probePeer(after: keepAlive.time, every: keepAlive.interval, count: keepAlive.probes)
            }
            let pipeline = channel.pipeline.syncOperations
            if let firstBytes { try pipeline.addHandler(FirstBytes(firstBytes)) }
            guard let context, let waiter = handlers else { return }
            try pipeline.addHandlers(NIOSSLClientHandler(context: context, serverHostname: serverName), waiter)
        } done: { result in
            switch result {
            case .failure(let error):
                done(.failure(Refusal(failure: Self.failure(error))))
            case .success(let channel):
                guard let waiter = handlers else {
                    return done(.success(DialedChannel(channel: channel, applicationProtocol: nil)))
                }
                waiter.onEnd { outcome in
                    switch outcome {
                    case .success(let chosen): done(.success(DialedChannel(channel: channel, applicationProtocol: chosen)))
                    case .failure(let refusal):
                        channel.close(promise: nil)
                        done(.failure(refusal))
                    }
                }
            }
        }
    }

    private func handshake(protocols: [String], readsByHand: Bool) throws -> (HandshakeWaiter?, NIOSSLContext?) {
        guard let tls = self.tls else { return (nil, nil) }
        var settings = tls.settings
        if settings.common.applicationProtocols.isEmpty { settings.common.applicationProtocols = protocols }
        let context = try self.vault.clientContext(settings)
        return (
            HandshakeWaiter(expected: tls.verifier, timeout: self.connectTimeout, readsByHand: readsByHand, stats: self.handshakes),
            context
        )
    }

    /// In Envoy's words: whether the system said no at once or later, and what it said.
    private static func text(_ error: any Error) -> String {
        guard let error = error as? IOError else { return "\(error)" }
        let isImmediate = [ENETUNREACH, EADDRNOTAVAIL, EACCES, EPERM, ENOENT, EINVAL].contains(error.errnoCode)
        return "\(isImmediate ? "immediate" : "delayed") connect error: \(String(cString: strerror(error.errnoCode)))"
    }

    private static func failure(_ error: any Error) -> UpstreamFailure {
        if case ChannelError.connectTimeout = error { return .connectTimeout }
        return .connectFailed(Self.text(error))
    }
}
