// SPDX-License-Identifier: Apache-2.0
import CPoll
import Glibc
package import NIOCore

/// A socket that takes connections and deals them out to the loops of a group, in turn.
package final class ListeningSocket: Sendable {
    /// As it is bound: with the port that the system chose where none was asked for.
    package let address: SocketAddress
    private let acceptor: Acceptor
    private let loop: SocketLoop

    /// Listens from here on. `accepted` runs on the connection's loop, before the channel becomes active and reads; a connection for
    /// which it throws is closed.
    ///
    /// - Parameters:
    ///   - replacesSocketFile: A socket that lies at a Unix address is taken away first.
    ///   - takesIPv4: An address of IPv6 takes connections of IPv4 too.
    /// - Throws: `IOError`.
    package static func bind(
        _ address: SocketAddress, backlog: CInt, group: SocketLoopGroup, replacesSocketFile: Bool = false,
        takesIPv4: Bool = false, accepted: @escaping @Sendable (SocketChannel) throws -> Void
    ) async throws -> ListeningSocket {
        if replacesSocketFile, let path = address.pathname { try Self.removeSocketFile(path) }
        let descriptor = try SystemSocket.make(address.family)
        do {
            if address.port != nil { try SystemSocket.set(descriptor, SOL_SOCKET, SO_REUSEADDR, 1) }
            if address.family == AF_INET6 {
                try SystemSocket.set(descriptor, CInt(IPPROTO_IPV6), CInt(IPV6_V6ONLY), takesIPv4 ? 0 : 1)
            }
            let code = address.withSockAddr { Glibc.bind(descriptor, $0, socklen_t($1)) }
            guard code == 0 else { throw IOError(errnoCode: errno, reason: "bind") }
            guard listen(descriptor, backlog) == 0 else { throw IOError(errnoCode: errno, reason: "listen") }
        } catch {
            Glibc.close(descriptor)
            throw error
        }
        let bound = SocketAddress.of(descriptor, getsockname) ?? address
        let loop = group.nextLoop()
        let acceptor = Acceptor(descriptor: descriptor, address: bound, group: group, loop: loop, accepted: accepted)
        try await loop.submit { try acceptor.start() }.get()
        return ListeningSocket(address: bound, acceptor: acceptor, loop: loop)
    }

    private init(address: SocketAddress, acceptor: Acceptor, loop: SocketLoop) {
        self.address = address
        self.acceptor = acceptor
        self.loop = loop
    }

    /// Takes no more connections than are there by now; returns when the port is free.
    package func close() async {
        try? await self.loop.submit { self.acceptor.close() }.get()
    }

    private static func removeSocketFile(_ path: String) throws {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        // Anything else that lies there stays, and `bind` says what is wrong.
        guard status.st_mode & S_IFMT == S_IFSOCK else { return }
        guard unlink(path) == 0 else { throw IOError(errnoCode: errno, reason: "unlink") }
    }
}

/// Belongs to the loop that waits for the listening socket.
private final class Acceptor: Polled, @unchecked Sendable {
    /// Before other sockets of the loop have their turn.
    private static let connectionsAtOnce = 64
    /// More than any backlog; and an end, where new ones come as fast.
    private static let connectionsBeforeClosing = 65536
    /// Without descriptors or memory accepting fails at once, again and again: it rests for so long.
    private static let rest = TimeAmount.milliseconds(50)

    private let descriptor: CInt
    private let address: SocketAddress
    private let group: SocketLoopGroup
    private let loop: SocketLoop
    private let accepted: @Sendable (SocketChannel) throws -> Void
    private var token: Poller.Token?
    private var isOpen = true
    /// The local address need not be asked for where all connections have the same.
    private let isWildcard: Bool

    init(
        descriptor: CInt, address: SocketAddress, group: SocketLoopGroup, loop: SocketLoop,
        accepted: @escaping @Sendable (SocketChannel) throws -> Void
    ) {
        self.descriptor = descriptor
        self.address = address
        self.group = group
        self.loop = loop
        self.accepted = accepted
        self.isWildcard = address.ipAddress.map { $0 == "0.0.0.0" || $0 == "::" } ?? false
    }

    func start() throws {
        do { self.token = try self.loop.watch(self.descriptor, self, isEdge: false) } catch {
            self.loopEnds()
            throw error
        }
    }

    func ready(_ readiness: Readiness) { self.accept(atMost: Self.connectionsAtOnce) }

    private func accept(atMost count: Int) {
        for _ in 0..<count {
            guard self.isOpen else { return }
            var storage = sockaddr_storage()
            var length = UInt32(MemoryLayout<sockaddr_storage>.size)
            let connection = malla_accept(self.descriptor, &storage, &length)
            guard connection >= 0 else {
                switch errno {
                case EAGAIN: return
                // Gone before it was taken (accept(2) passes on errors of the network).
                case EINTR, ECONNABORTED, EPROTO, ENETDOWN, EHOSTDOWN, EHOSTUNREACH, ENETUNREACH, ENONET, EPERM: continue
                default: return self.takeRest()
                }
            }
            self.serve(connection, peer: SocketAddress(&storage))
        }
    }

    private func serve(_ descriptor: CInt, peer: SocketAddress?) {
        if self.address.port != nil { try? SystemSocket.set(descriptor, CInt(IPPROTO_TCP), TCP_NODELAY, 1) }
        let target = self.group.nextLoop()
        let local = self.isWildcard ? nil : self.address
        let accepted = self.accepted
        let start: @Sendable () -> Void = {
            let channel = SocketChannel(
                descriptor: descriptor, loop: target, isConnected: true, local: local, remote: peer)
            do {
                try accepted(channel)
                try channel.becomeActive()
            } catch {
                channel.close0(error: error, mode: .all, promise: nil)
            }
        }
        if target === self.loop { return start() }
        if !target.post(start) { Glibc.close(descriptor) }
    }

    private func takeRest() {
        guard let token = self.token else { return }
        self.token = nil
        self.loop.unwatch(self.descriptor, token)
        self.resumeLater()
    }

    /// What was short may be short still: then it rests again, and never gives up its port.
    private func resumeLater() {
        _ = self.loop.schedule(
            .now() + Self.rest,
            run: {
                guard self.isOpen else { return }
                do { self.token = try self.loop.watch(self.descriptor, self, isEdge: false) } catch { self.resumeLater() }
            }, fail: { _ in })
    }

    /// Closing resets what the system has taken for us and we have not: peers that believe they are connected.
    func close() {
        self.accept(atMost: Self.connectionsBeforeClosing)
        self.loopEnds()
    }

    func loopEnds() {
        guard self.isOpen else { return }
        self.isOpen = false
        if let token = self.token { self.loop.forget(token) }
        self.token = nil
        Glibc.close(self.descriptor)
    }
}
