// SPDX-License-Identifier: Apache-2.0
import HTTP1
import ProxyModel

/// The pools of one endpoint: one for each protocol that is spoken with it.
final class EndpointPools {
    private let dialer: UpstreamDialer
    private let load: EndpointLoad
    private let counters: CircuitCounters
    private let spoken: Cluster.UpstreamProtocol
    private let http2Options: HTTP2Options
    private var limits: PoolLimits
    private var http1: EndpointPool?
    private var http2: HTTP2Pool?
    private var tunnels: TunnelPool?

    init(
        dialer: UpstreamDialer, load: EndpointLoad, counters: CircuitCounters, limits: PoolLimits, spoken: Cluster.UpstreamProtocol,
        http2: HTTP2Options
    ) {
        self.dialer = dialer
        self.load = load
        self.counters = counters
        self.limits = limits
        self.spoken = spoken
        self.http2Options = http2
    }

    /// The same, empty, over another way to the endpoint.
    func copy(dialer: UpstreamDialer) -> EndpointPools {
        EndpointPools(
            dialer: dialer, load: self.load, counters: self.counters, limits: self.limits, spoken: self.spoken,
            http2: self.http2Options)
    }

    /// - Parameter version: What the client speaks.
    func pool(for version: HTTPVersion) -> any UpstreamPool {
        switch self.spoken {
        case .http1: self.http1Pool
        case .http2: self.http2Pool
        case .likeDownstream: version == .http2 ? self.http2Pool : self.http1Pool
        }
    }

    /// For the bytes of CONNECT tunnels that end in this proxy.
    var tunnelPool: any UpstreamPool {
        if let pool = self.tunnels { return pool }
        let pool = TunnelPool(dialer: self.dialer, load: self.load, counters: self.counters, limits: self.limits)
        self.tunnels = pool
        return pool
    }

    private var http1Pool: any UpstreamPool {
        if let pool = self.http1 { return pool }
        let pool = EndpointPool(dialer: self.dialer, load: self.load, counters: self.counters, limits: self.limits)
        self.http1 = pool
        return pool
    }

    private var http2Pool: any UpstreamPool {
        if let pool = self.http2 { return pool }
        let pool = HTTP2Pool(
            dialer: self.dialer, load: self.load, counters: self.counters, limits: self.limits, options: self.http2Options)
        self.http2 = pool
        return pool
    }

    var openConnections: Int {
        (self.http1?.openConnections ?? 0) + (self.http2?.openConnections ?? 0) + (self.tunnels?.openConnections ?? 0)
    }

    /// Those that wait for a connection.
    var waiting: Int { (self.http1?.waiting ?? 0) + (self.http2?.waiting ?? 0) + (self.tunnels?.waiting ?? 0) }

    func update(limits: PoolLimits) {
        self.limits = limits
        self.http1?.update(limits: limits)
        self.http2?.update(limits: limits)
        self.tunnels?.update(limits: limits)
    }

    func retire() {
        self.http1?.retire()
        self.http2?.retire()
        self.tunnels?.retire()
    }

    func closeAll() {
        self.http1?.closeAll()
        self.http2?.closeAll()
        self.tunnels?.closeAll()
    }
}
