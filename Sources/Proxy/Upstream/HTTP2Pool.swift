// SPDX-License-Identifier: Apache-2.0
import DequeModule
import HTTP2
import NIOCore
import ProxyModel
import Sockets

/// HTTP/2 connections of one event loop to one endpoint: another one is made only when those there take no more streams.
final class HTTP2Pool: UpstreamPool {
    private let dialer: UpstreamDialer
    private let load: EndpointLoad
    /// Of all connections to the cluster.
    var stats: ClusterStats { self.load.stats }
    private let counters: CircuitCounters
    private var limits: PoolLimits
    private let options: HTTP2Options
    private var connections: [HTTP2UpstreamConnection] = []
    private var connecting = 0
    private var waiters: Deque<any UpstreamWaiter> = []
    private var isRetired = false
    /// Dials, and lets requests wait, in place of this pool; nil: the pool does.
    var owner: NegotiatedPool?

    init(dialer: UpstreamDialer, load: EndpointLoad, counters: CircuitCounters, limits: PoolLimits, options: HTTP2Options) {
        self.dialer = dialer
        self.load = load
        self.counters = counters
        self.limits = limits
        self.options = options
    }

    var openConnections: Int { self.connections.count + self.connecting }

    var waiting: Int { self.waiters.count }

    func update(limits: PoolLimits) { self.limits = limits }

    func acquire(_ waiter: any UpstreamWaiter) {
        if let exchange = self.takeStream() { return waiter.connectionReady(exchange) }
        guard self.counters.take(.pending, limit: self.limits.maximumPending) else {
            self.stats.waitOverflows &+= 1
            return waiter.connectionFailed(.overflow)
        }
        self.stats.waits &+= 1
        self.waiters.append(waiter)
        self.connectIfWanted()
    }

    func cancel(_ waiter: any UpstreamWaiter) {
        guard let index = self.waiters.firstIndex(where: { $0 === waiter }) else { return }
        self.waiters.remove(at: index)
        self.stats.waitsEnded &+= 1
        self.stats.waitsCancelled &+= 1
        self.counters.giveBack(.pending)
    }

    func retire() {
        self.isRetired = true
        for connection in self.connections { connection.closeWhenFree() }
    }

    func closeAll() {
        self.retire()
        for connection in self.connections { connection.close() }
    }

    // MARK: What connections say

    /// A stream has ended, or the endpoint allows more of them.
    func streamsFreed(_ connection: HTTP2UpstreamConnection) {
        while !self.waiters.isEmpty, connection.takesStream, let waiter = self.waiters.popFirst() {
            self.counters.giveBack(.pending)
            self.stats.waitsEnded &+= 1
            waiter.connectionReady(connection.makeExchange())
        }
        self.connectIfWanted()
        self.owner?.connectionsChanged()
    }

    func connectionClosed(_ connection: HTTP2UpstreamConnection) {
        guard let index = self.connections.firstIndex(where: { $0 === connection }) else { return }
        self.connections.remove(at: index)
        self.stats.connectionEnded(byEndpoint: connection.isEndedByPeer, isCut: connection.isCut)
        self.counters.giveBack(.connections)
        self.connectIfWanted()
        self.owner?.connectionsChanged()
    }

    // MARK: In place of its owner

    /// Takes over a connection that its owner has made and counted. nil if it has closed.
    func adopt(_ channel: SocketChannel) -> HTTP2UpstreamConnection? {
        guard case .success(let connection) = self.dialer.http2(channel, for: self, limits: self.connectionLimits),
            connection.isActive
        else { return nil }
        self.stats.http2Connections &+= 1
        self.connections.append(connection)
        return connection
    }

    func takeStream() -> (any UpstreamExchange)? { self.connections.first { $0.takesStream }?.makeExchange() }

    /// Lets go a connection that nobody needs beside the others.
    func closeIfSpare(_ connection: HTTP2UpstreamConnection) {
        guard connection.isFree, self.connections.contains(where: { $0 !== connection && $0.takesStream }) else { return }
        connection.closeWhenFree()
    }

    /// Makes room for connections of others.
    func closeIdle() { for connection in self.connections where connection.isFree { connection.closeWhenFree() } }

    // MARK: Connecting

    /// One connection at a time is made: it is likely to take all who wait.
    private func connectIfWanted() {
        guard !self.waiters.isEmpty, self.connecting == 0 else { return }
        // As Envoy: a loop without any connection makes one whatever the limit. With one there, its streams will come free.
        let maximum = self.connections.isEmpty ? .max : self.limits.maximumConnections
        guard self.counters.take(.connections, limit: maximum) else {
            self.stats.connectionOverflows &+= 1
            return
        }
        self.connecting += 1
        self.load.dials()
        self.stats.http2Connections &+= 1
        self.dialer.connectHTTP2(for: self, limits: self.connectionLimits) { [self] result in
            self.connecting -= 1
            switch result {
            case .success(let connection) where connection.isActive:
                self.connections.append(connection)
                self.streamsFreed(connection)
                if self.isRetired { connection.closeWhenFree() }
            case .success:
                self.stats.connectionEnded(byEndpoint: true, isCut: false)
                self.counters.giveBack(.connections)
                self.fail(.closed(responseStarted: false, reused: false))
            case .failure(let refusal):
                self.load.dialFailed(refusal.failure)
                self.counters.giveBack(.connections)
                self.fail(refusal.failure)
            }
        }
    }

    private var connectionLimits: HTTP2ConnectionLimits {
        HTTP2ConnectionLimits(
            options: self.options, requests: self.limits.requestsPerConnection,
            idleTimeout: self.limits.idleTimeout, maximumAge: self.limits.someAge)
    }

    /// One failed connection was to carry all that wait.
    private func fail(_ failure: UpstreamFailure) {
        let waiters = self.waiters
        self.waiters = []
        for waiter in waiters {
            self.counters.giveBack(.pending)
            self.stats.waitsEnded &+= 1
            self.stats.waitsFailed &+= 1
            waiter.connectionFailed(failure)
        }
    }
}
