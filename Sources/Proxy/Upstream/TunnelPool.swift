// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// Connections of one event loop to one endpoint that carry bytes without HTTP: one for each CONNECT tunnel that ends here.
final class TunnelPool: UpstreamPool {
    private let dialer: UpstreamDialer
    private let load: EndpointLoad
    private let counters: CircuitCounters
    private var limits: PoolLimits
    /// Those that wait for their connection.
    private var waiters: [any UpstreamWaiter] = []
    private var connections: [TunnelConnection] = []

    init(dialer: UpstreamDialer, load: EndpointLoad, counters: CircuitCounters, limits: PoolLimits) {
        self.dialer = dialer
        self.load = load
        self.counters = counters
        self.limits = limits
    }

    var openConnections: Int { self.connections.count + self.waiters.count }

    var waiting: Int { self.waiters.count }

    func update(limits: PoolLimits) { self.limits = limits }

    func acquire(_ waiter: any UpstreamWaiter) {
        let stats = self.load.stats
        guard self.counters.take(.connections, limit: self.limits.maximumConnections) else {
            stats.connectionOverflows &+= 1
            return waiter.connectionFailed(.overflow)
        }
        self.waiters.append(waiter)
        self.load.dials()
        stats.waits &+= 1
        self.dialer.dial(halfClosure: true, readsByHand: true) { [self] result in
            let isWanted = self.forget(waiter)
            if isWanted { stats.waitsEnded &+= 1 }
            switch result {
            case .success(let dialed):
                let channel = dialed.channel
                guard isWanted, let connection = self.connection(on: channel) else {
                    channel.close(promise: nil)
                    stats.connectionEnded(byEndpoint: isWanted, isCut: false)
                    self.counters.giveBack(.connections)
                    return isWanted ? waiter.connectionFailed(.connectFailed("closed")) : ()
                }
                waiter.connectionReady(connection)
            case .failure(let refusal):
                self.load.dialFailed(refusal.failure)
                if isWanted { stats.waitsFailed &+= 1 }
                self.counters.giveBack(.connections)
                if isWanted { waiter.connectionFailed(refusal.failure) }
            }
        }
    }

    func cancel(_ waiter: any UpstreamWaiter) {
        guard self.forget(waiter) else { return }
        self.load.stats.waitsEnded &+= 1
        self.load.stats.waitsCancelled &+= 1
    }

    /// Tunnels go on: each has its own connection anyway.
    func retire() {}

    func closeAll() {
        for connection in self.connections { connection.cancel() }
    }

    func connectionClosed(_ connection: TunnelConnection) {
        guard let index = self.connections.firstIndex(where: { $0 === connection }) else { return }
        self.connections.remove(at: index)
        self.load.stats.connectionEnded(byEndpoint: connection.isEndedByPeer, isCut: true)
        self.load.stats.bytes.received &+= connection.bytesReceived
        self.load.stats.bytes.sent &+= connection.bytesSent
        self.counters.giveBack(.connections)
    }

    private func connection(on channel: any Channel) -> TunnelConnection? {
        let connection = TunnelConnection(pool: self)
        guard channel.isActive, (try? channel.pipeline.syncOperations.addHandler(connection)) != nil else { return nil }
        self.connections.append(connection)
        return connection
    }

    /// False if it was not waiting any more.
    private func forget(_ waiter: any UpstreamWaiter) -> Bool {
        guard let index = self.waiters.firstIndex(where: { $0 === waiter }) else { return false }
        self.waiters.remove(at: index)
        return true
    }
}
