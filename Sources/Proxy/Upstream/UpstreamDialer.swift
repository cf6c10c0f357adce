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

    let eventLoop: SocketLoop
    private(set) var address: SocketAddress
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
    /// How connections begin; nil: with what is said on them.
    let proxyProtocol: ProxyProtocolOutput?
    /// Those bytes, for one client.
    private var firstBytes: ByteBuffer?

    init(
        eventLoop: SocketLoop, address: SocketAddress, tls: UpstreamTLS?, vault: CertificateVault, connectTimeout: TimeAmount,
        limits: HTTP1Limits = HTTP1Limits(), scratch: WriteScratch = WriteScratch(),
        proxyProtocol: ProxyProtocolOutput? = nil, keepAlive: TCPKeepAlive? = nil
    ) {
        self.keepAlive = keepAlive
        self.proxyProtocol = proxyProtocol
        self.scratch = scratch
        self.eventLoop = eventLoop
        self.address = address
        self.tls = tls
        self.isTLS = tls != nil
        self.expectedPrincipal = tls?.expectedPrincipal
        self.vault = vault
        self.connectTimeout = connectTimeout
        self.limits = limits
    }

    /// The dialer for one client of whom the endpoint is told.
    func speaking(for ends: ConnectionEnds) -> UpstreamDialer {
        guard let output = self.proxyProtocol else { return self }
        let copy = UpstreamDialer(
            eventLoop: self.eventLoop, address: self.address, tls: self.tls, vault: self.vault, connectTimeout: self.connectTimeout,
            limits: self.limits, scratch: self.scratch, proxyProtocol: output, keepAlive: self.keepAlive)
        copy.firstBytes = ProxyProtocolHeader.bytes(output, ends: ends.announced, kept: ends.keptValues)
        return copy
    }

    /// The endpoint has another address now: connections from here on go there.
    func move(to address: SocketAddress) { self.address = address }

    /// What a connection's handler writes is what goes into the socket.
    private var isPlain: Bool { self.tls == nil && self.firstBytes == nil }

    /// An HTTP/1 connection for a pool. `done` runs on the loop, exactly once.
    func connect(for pool: EndpointPool, _ done: @escaping (Result<UpstreamConnection, Refusal>) -> Void) {
        let isPlain = self.isPlain
        self.dial(readsByHand: false) { [limits, scratch] result in
            switch result {
            case .failure(let refusal): done(.failure(refusal))
            case .success(let channel):
                let connection = UpstreamConnection(pool: pool, limits: limits, scratch: scratch, isPlain: isPlain)
                do {
                    try channel.pipeline.syncOperations.addHandler(connection)
                    done(.success(connection))
                } catch {
                    channel.close(promise: nil)
                    done(.failure(Refusal(failure: .connectFailed("closed"))))
                }
            }
        }
    }

    /// The same in HTTP/2. Where the cluster's TLS names no protocols, `h2` is offered.
    func connectHTTP2(
        for pool: HTTP2Pool, limits: HTTP2ConnectionLimits,
        _ done: @escaping (Result<HTTP2UpstreamConnection, Refusal>) -> Void
    ) {
        let (isTLS, isPlain, loop) = (self.isTLS, self.isPlain, self.eventLoop)
        self.dial(protocols: ["h2"], readsByHand: false) { [scratch] result in
            switch result {
            case .failure(let refusal): done(.failure(refusal))
            case .success(let channel):
                let connection = HTTP2UpstreamConnection(
                    pool: pool, limits: limits, isTLS: isTLS, isPlain: isPlain, scratch: scratch, loop: loop)
                do {
                    try channel.pipeline.syncOperations.addHandler(connection)
                    done(.success(connection))
                } catch {
                    channel.close(promise: nil)
                    done(.failure(Refusal(failure: .connectFailed("closed"))))
                }
            }
        }
    }

    /// A bare channel, TLS finished, nothing read yet.
    /// - Parameter readsByHand: Whether its owner asks for every read.
    func dial(
        halfClosure: Bool = false, protocols: [String] = [], readsByHand: Bool,
        _ done: @escaping (Result<SocketChannel, Refusal>) -> Void
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
        let keepAlive = self.address.port == nil ? nil : self.keepAlive
        SocketChannel.connect(to: self.address, on: self.eventLoop, timeout: self.connectTimeout) { channel in
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
                guard let waiter = handlers else { return done(.success(channel)) }
                waiter.onEnd { outcome in
                    switch outcome {
                    case .success: done(.success(channel))
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
        return (HandshakeWaiter(expected: tls.verifier, timeout: self.connectTimeout, readsByHand: readsByHand), context)
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
