// SPDX-License-Identifier: Apache-2.0
import DequeModule
import HTTP2
import NIOCore
import ProxyModel

/// HTTP/2 connections of one event loop to one endpoint: another one is made only when those there take no more streams.
final class HTTP2Pool: UpstreamPool {
    private let dialer: UpstreamDialer
    private let load: EndpointLoad
    private let counters: CircuitCounters
    private var limits: PoolLimits
    private let options: HTTP2Options
    private var connections: [HTTP2UpstreamConnection] = []
    private var connecting = 0
    private var waiters: Deque<any UpstreamWaiter> = []
    private var isRetired = false

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
        if let connection = self.connections.first(where: { $0.takesStream }) {
            return waiter.connectionReady(connection.makeExchange())
        }
        guard self.counters.take(.pending, limit: self.limits.maximumPending) else { return waiter.connectionFailed(.overflow) }
        self.waiters.append(waiter)
        self.connectIfWanted()
    }

    func cancel(_ waiter: any UpstreamWaiter) {
        guard let index = self.waiters.firstIndex(where: { $0 === waiter }) else { return }
        self.waiters.remove(at: index)
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
            waiter.connectionReady(connection.makeExchange())
        }
        self.connectIfWanted()
    }

    func connectionClosed(_ connection: HTTP2UpstreamConnection) {
        guard let index = self.connections.firstIndex(where: { $0 === connection }) else { return }
        self.connections.remove(at: index)
        self.counters.giveBack(.connections)
        self.connectIfWanted()
    }

    // MARK: Connecting

    /// One connection at a time is made: it is likely to take all who wait.
    private func connectIfWanted() {
        guard !self.waiters.isEmpty, self.connecting == 0 else { return }
        // As Envoy: a loop without any connection makes one whatever the limit. With one there, its streams will come free.
        let maximum = self.connections.isEmpty ? .max : self.limits.maximumConnections
        guard self.counters.take(.connections, limit: maximum) else { return }
        self.connecting += 1
        self.load.dials()
        self.dialer.connectHTTP2(
            for: self,
            limits: .init(
                options: self.options, requests: self.limits.requestsPerConnection,
                idleTimeout: self.limits.idleTimeout, maximumAge: self.limits.maximumAge)
        ) { [self] result in
            self.connecting -= 1
            switch result {
            case .success(let connection) where connection.isActive:
                self.connections.append(connection)
                self.streamsFreed(connection)
                if self.isRetired { connection.closeWhenFree() }
            case .success:
                self.counters.giveBack(.connections)
                self.fail(.closed(responseStarted: false, reused: false))
            case .failure(let refusal):
                self.load.dialFailed()
                self.counters.giveBack(.connections)
                self.fail(refusal.failure)
            }
        }
    }

    /// One failed connection was to carry all that wait.
    private func fail(_ failure: UpstreamFailure) {
        let waiters = self.waiters
        self.waiters = []
        for waiter in waiters {
            self.counters.giveBack(.pending)
            waiter.connectionFailed(failure)
        }
    }
}
