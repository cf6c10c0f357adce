// SPDX-License-Identifier: Apache-2.0
import DequeModule
import ProxyModel

/// Connections of one event loop to one endpoint that says in the TLS handshake whether it speaks HTTP/2 or HTTP/1.
///
/// Requests wait here, and connections are dialled here; once a connection's protocol is known it belongs to the pool of that
/// protocol, which keeps its lifetime. An endpoint may change its mind: then there are connections of both.
final class NegotiatedPool: UpstreamPool {
    private let dialer: UpstreamDialer
    private let load: EndpointLoad
    private let counters: CircuitCounters
    private var limits: PoolLimits
    private let http1: EndpointPool
    private let http2: HTTP2Pool
    private var waiters: Deque<any UpstreamWaiter> = []
    private var connecting = 0
    /// What the last handshake has shown. As Envoy, an endpoint is taken for one of HTTP/1 before its first: each request that waits
    /// has a connection on its way.
    private var speaksHTTP2 = false
    private var isRetired = false

    init(dialer: UpstreamDialer, load: EndpointLoad, counters: CircuitCounters, limits: PoolLimits, options: HTTP2Options) {
        self.dialer = dialer
        self.load = load
        self.counters = counters
        self.limits = limits
        self.http1 = EndpointPool(dialer: dialer, load: load, counters: counters, limits: limits)
        self.http2 = HTTP2Pool(dialer: dialer, load: load, counters: counters, limits: limits, options: options)
    }

    var openConnections: Int { self.http1.openConnections + self.http2.openConnections + self.connecting }

    var waiting: Int { self.waiters.count }

    func update(limits: PoolLimits) {
        self.limits = limits
        self.http1.update(limits: limits)
        self.http2.update(limits: limits)
    }

    func acquire(_ waiter: any UpstreamWaiter) {
        if let exchange = self.freeExchange() { return waiter.connectionReady(exchange) }
        guard self.counters.take(.pending, limit: self.limits.maximumPending) else {
            self.load.stats.waitOverflows &+= 1
            return waiter.connectionFailed(.overflow)
        }
        self.load.stats.waits &+= 1
        self.waiters.append(waiter)
        self.connectIfWanted()
    }

    func cancel(_ waiter: any UpstreamWaiter) {
        guard let index = self.waiters.firstIndex(where: { $0 === waiter }) else { return }
        self.waiters.remove(at: index)
        self.load.stats.waitsEnded &+= 1
        self.load.stats.waitsCancelled &+= 1
        self.counters.giveBack(.pending)
        self.leaveIfOver()
    }

    func retire() {
        self.isRetired = true
        self.http1.retire()
        self.http2.retire()
        self.leaveIfOver()
    }

    func closeIdle() {
        self.http1.closeIdle()
        self.http2.closeIdle()
    }

    func closeAll() {
        self.retire()
        self.http1.closeAll()
        self.http2.closeAll()
    }

    /// A connection is free again, takes more streams, or has closed.
    func connectionsChanged() {
        self.serve()
        self.connectIfWanted()
        self.leaveIfOver()
    }

    private func serve() {
        while !self.waiters.isEmpty, let exchange = self.freeExchange() {
            guard let waiter = self.waiters.popFirst() else { return exchange.cancel() }
            self.counters.giveBack(.pending)
            self.load.stats.waitsEnded &+= 1
            waiter.connectionReady(exchange)
        }
    }

    private func freeExchange() -> (any UpstreamExchange)? { self.http2.takeStream() ?? self.http1.takeIdle() }

    private func leaveIfOver() {
        guard self.isRetired, self.waiters.isEmpty, self.openConnections == 0 else { return }
        self.http1.owner = nil
        self.http2.owner = nil
    }

    // MARK: Connecting

    /// As many as will be needed: one connection of HTTP/2 is likely to take all who wait, one of HTTP/1 takes one.
    private func connectIfWanted() {
        while self.connecting < (self.speaksHTTP2 ? min(self.waiters.count, 1) : self.waiters.count) {
            // As Envoy: a loop without any connection makes one whatever the limit, because nobody would tell those who wait here
            // that another loop's is free.
            let maximum = self.openConnections == 0 ? .max : self.limits.maximumConnections
            guard self.counters.take(.connections, limit: maximum) else {
                self.load.stats.connectionOverflows &+= 1
                return
            }
            self.connect()
        }
    }

    private func connect() {
        self.connecting += 1
        // Until the pool is retired and empty its connections have somebody to tell.
        self.http1.owner = self
        self.http2.owner = self
        self.load.dials()
        self.dialer.negotiate { [self] result in
            self.connecting -= 1
            switch result {
            case .success(let dialed): self.take(dialed)
            case .failure(let refusal):
                self.load.dialFailed(refusal.failure)
                self.fail(refusal.failure)
            }
            self.connectionsChanged()
        }
    }

    private func take(_ dialed: DialedChannel) {
        self.speaksHTTP2 = dialed.applicationProtocol == ApplicationProtocol.http2
        if self.speaksHTTP2 {
            guard let connection = self.http2.adopt(dialed.channel) else { return self.failClosed() }
            self.serve()
            self.http2.closeIfSpare(connection)
        } else {
            guard self.http1.adopt(dialed.channel) else { return self.failClosed() }
            self.serve()
        }
        // What was waited for is served; what is left over goes.
        if self.isRetired {
            self.http1.retire()
            self.http2.retire()
        }
    }

    /// It may have closed between handshake and here.
    private func failClosed() {
        self.load.stats.connectionEnded(byEndpoint: true, isCut: false)
        self.fail(.closed(responseStarted: false, reused: false))
    }

    /// One failed connection of HTTP/2 was to carry all that wait, one of HTTP/1 only one: the others have theirs on the way, or get
    /// one now.
    private func fail(_ failure: UpstreamFailure) {
        self.counters.giveBack(.connections)
        var failed: [any UpstreamWaiter] = []
        while let waiter = self.waiters.popFirst() {
            self.counters.giveBack(.pending)
            self.load.stats.waitsEnded &+= 1
            self.load.stats.waitsFailed &+= 1
            failed.append(waiter)
            if !self.speaksHTTP2 { break }
        }
        for waiter in failed { waiter.connectionFailed(failure) }
    }
}
