// SPDX-License-Identifier: Apache-2.0
import DequeModule
import HTTP1
import NIOCore
import NIOPosix
import Sockets

/// The HTTP/1 connections of one event loop to one endpoint of one cluster.
final class EndpointPool: UpstreamPool {
    private let dialer: UpstreamDialer
    private let load: EndpointLoad
    /// Of all connections to the cluster.
    var stats: ClusterStats { self.load.stats }
    private let counters: CircuitCounters
    private var limits: PoolLimits
    private var machine = StateMachine()
    /// The one that was used last is used first.
    private var idle: [UpstreamConnection] = []
    private var connections: ContiguousArray<UpstreamConnection> = []
    private var waiters: Deque<any UpstreamWaiter> = []
    private var idleTimer: Scheduled<Void>?
    private var isRetired = false
    /// Dials, and lets requests wait, in place of this pool; nil: the pool does.
    var owner: NegotiatedPool?

    init(dialer: UpstreamDialer, load: EndpointLoad, counters: CircuitCounters, limits: PoolLimits) {
        self.dialer = dialer
        self.load = load
        self.counters = counters
        self.limits = limits
    }

    var openConnections: Int { self.machine.open }
    var isUnused: Bool { self.machine.open == 0 && self.waiters.isEmpty }

    var waiting: Int { self.waiters.count }

    func update(limits: PoolLimits) { self.limits = limits }

    /// Answers through the waiter, possibly before it returns.
    func acquire(_ waiter: any UpstreamWaiter) {
        let counters = self.counters
        let limits = self.limits
        let maximum = self.maximumConnections
        let action = self.machine.acquire(
            mayWait: { counters.take(.pending, limit: limits.maximumPending) },
            mayConnect: { counters.take(.connections, limit: maximum) })
        switch action {
        case .useIdle:
            guard let connection = self.idle.popLast() else { return waiter.connectionFailed(.overflow) }
            connection.place = .busy
            waiter.connectionReady(connection)
        case .connect:
            self.load.stats.waits &+= 1
            self.waiters.append(waiter)
            self.connect()
        case .wait:
            self.load.stats.waits &+= 1
            if !self.isConnecting { self.load.stats.connectionOverflows &+= 1 }
            self.waiters.append(waiter)
        case .overflow:
            self.load.stats.waitOverflows &+= 1
            waiter.connectionFailed(.overflow)
        }
    }

    /// The request no longer waits.
    func cancel(_ waiter: any UpstreamWaiter) {
        guard let index = self.waiters.firstIndex(where: { $0 === waiter }) else { return }
        self.waiters.remove(at: index)
        self.load.stats.waitsEnded &+= 1
        self.load.stats.waitsCancelled &+= 1
        self.machine.waiterLeft()
        self.counters.giveBack(.pending)
    }

    /// The exchange on `connection` is over and another may follow.
    func release(_ connection: UpstreamConnection) {
        guard connection.place == .busy else { return }
        if self.isRetired || self.isSpent(connection) { return connection.close() }
        if self.machine.released() { self.handOver(connection) } else { self.rest(connection) }
        self.owner?.connectionsChanged()
    }

    private func isSpent(_ connection: UpstreamConnection) -> Bool {
        if self.limits.requestsPerConnection > 0, connection.exchanges >= self.limits.requestsPerConnection {
            self.load.stats.requestLimitsReached &+= 1
            return true
        }
        guard let age = connection.maximumAge, connection.opened + age <= connection.idleSince else { return false }
        self.load.stats.durationsReached &+= 1
        return true
    }

    /// No new requests come: connections close as they become free.
    func retire() {
        self.isRetired = true
        self.idleTimer?.cancel()
        self.idleTimer = nil
        self.closeIdle()
    }

    func closeAll() {
        self.retire()
        for connection in self.connections { connection.close() }
    }

    func connectionClosed(_ connection: UpstreamConnection) {
        switch connection.place {
        case .outside: return
        case .busy: self.machine.closed(wasIdle: false)
        case .idle:
            if let index = self.idle.lastIndex(where: { $0 === connection }) { self.idle.remove(at: index) }
            self.machine.closed(wasIdle: true)
        }
        self.load.stats.connectionEnded(byEndpoint: connection.isEndedByPeer, isCut: connection.isCut)
        self.forget(connection)
        self.counters.giveBack(.connections)
        self.connectForWaiters()
        self.owner?.connectionsChanged()
    }

    // MARK: In place of its owner

    /// Takes over a connection that its owner has made and counted. False if it has closed.
    func adopt(_ channel: SocketChannel) -> Bool {
        guard case .success(let connection) = self.dialer.http1(channel, for: self), connection.isActive else { return false }
        self.stats.http1Connections &+= 1
        self.machine.adopted()
        self.know(connection)
        connection.place = .idle
        self.idle.append(connection)
        self.scheduleIdleCheck()
        return true
    }

    func takeIdle() -> UpstreamConnection? {
        guard self.machine.takeIdle(), let connection = self.idle.popLast() else { return nil }
        connection.place = .busy
        return connection
    }

    /// Makes room for connections of others.
    func closeIdle() { for connection in self.idle { connection.close() } }

    private func know(_ connection: UpstreamConnection) {
        connection.place = .busy
        connection.slot = self.connections.count
        connection.maximumAge = self.limits.someAge
        self.connections.append(connection)
    }

    /// The last one takes its slot.
    private func forget(_ connection: UpstreamConnection) {
        connection.place = .outside
        guard let last = self.connections.popLast(), last !== connection else { return }
        last.slot = connection.slot
        self.connections[connection.slot] = last
    }

    /// Those who wait have a connection on its way each.
    private var isConnecting: Bool { self.machine.connecting >= self.machine.waiting }

    private func connectForWaiters() {
        let counters = self.counters
        while true {
            let maximum = self.maximumConnections
            guard self.machine.wantsConnection(mayConnect: { counters.take(.connections, limit: maximum) }) else { return }
            self.connect()
        }
    }

    /// As Envoy: a loop without any connection makes one whatever the limit, because nobody would tell those who wait here that
    /// another loop's is free.
    private var maximumConnections: Int { self.machine.open == 0 ? .max : self.limits.maximumConnections }

    private func connect() {
        self.load.dials()
        self.load.stats.http1Connections &+= 1
        self.dialer.connect(for: self) { [self] result in
            switch result {
            case .success(let connection):
                // It may have closed between handshake and here.
                guard connection.isActive else {
                    self.load.stats.connectionEnded(byEndpoint: true, isCut: false)
                    return self.connectFailed(.closed(responseStarted: false, reused: false))
                }
                self.know(connection)
                if self.machine.connected() { self.handOver(connection) } else { self.rest(connection) }
            case .failure(let failure):
                self.load.dialFailed(failure.failure)
                self.connectFailed(failure.failure)
            }
        }
    }

    private func connectFailed(_ failure: UpstreamFailure) {
        self.machine.connectFailed()
        self.counters.giveBack(.connections)
        // One failed connection answers one request: the others have theirs on the way, or get one now.
        if let waiter = self.waiters.popFirst() {
            self.machine.waiterLeft()
            self.load.stats.waitsEnded &+= 1
            self.load.stats.waitsFailed &+= 1
            self.counters.giveBack(.pending)
            waiter.connectionFailed(failure)
        }
        self.connectForWaiters()
    }

    private func handOver(_ connection: UpstreamConnection) {
        guard let waiter = self.waiters.popFirst() else { return self.rest(connection) }
        self.load.stats.waitsEnded &+= 1
        self.counters.giveBack(.pending)
        waiter.connectionReady(connection)
    }

    private func rest(_ connection: UpstreamConnection) {
        connection.place = .idle
        self.idle.append(connection)
        if self.isRetired { return connection.close() }
        self.scheduleIdleCheck()
    }

    /// The task holds the pool until it has run, or `retire` has cancelled it: a weak reference would make every use of it dear.
    private func scheduleIdleCheck() {
        guard self.idleTimer == nil, let timeout = self.limits.idleTimeout, let oldest = self.idle.first else { return }
        self.idleTimer = self.dialer.eventLoop.assumeIsolated().scheduleTask(deadline: oldest.idleSince + timeout) {
            self.idleTimer = nil
            let now = NIODeadline.now()
            for connection in self.idle where connection.idleSince + timeout <= now {
                self.load.stats.idleTimeouts &+= 1
                connection.close()
            }
            self.scheduleIdleCheck()
        }
    }
}
