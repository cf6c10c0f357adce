// SPDX-License-Identifier: Apache-2.0
import HTTP1
import ProxyCore
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
    private var negotiated: NegotiatedPool?
    private var tunnels: TunnelPool?
    private let hosts: HostPools?
    private var isRetired = false

    /// - Parameter naming: What connections of TLS have to do with the hosts of requests; nil: nothing.
    init(
        dialer: UpstreamDialer, load: EndpointLoad, counters: CircuitCounters, limits: PoolLimits, spoken: Cluster.UpstreamProtocol,
        http2: HTTP2Options, naming: PeerNaming? = nil
    ) {
        self.dialer = dialer
        self.load = load
        self.counters = counters
        self.limits = limits
        self.spoken = spoken
        self.http2Options = http2
        self.hosts = dialer.isTLS ? naming.map { HostPools(naming: $0) } : nil
    }

    /// The same, empty, over another way to the endpoint.
    func copy(dialer: UpstreamDialer) -> EndpointPools { self.copy(dialer: dialer, naming: self.naming) }

    private func copy(dialer: UpstreamDialer, naming: PeerNaming?) -> EndpointPools {
        EndpointPools(
            dialer: dialer, load: self.load, counters: self.counters, limits: self.limits, spoken: self.spoken,
            http2: self.http2Options, naming: naming)
    }

    // MARK: Hosts

    /// nil: all requests share the connections, whatever host they are for.
    var naming: PeerNaming? { self.hosts?.naming }

    /// The pools for requests to one host.
    func pools(for host: HostName) -> EndpointPools {
        guard let hosts = self.hosts else { return self }
        return hosts.pools(for: host) {
            // Others that are idle would keep from their connections those who come.
            if self.counters.value(.connections) >= self.limits.maximumConnections { hosts.all.forEach { $0.closeIdle() } }
            let made = self.copy(dialer: self.dialer.speaking(to: host, hosts.naming), naming: nil)
            if self.isRetired { made.retire() }
            return made
        }
    }

    // MARK: Protocols

    /// - Parameter version: What the client speaks.
    func pool(for version: HTTPVersion) -> any UpstreamPool {
        switch self.spoken {
        case .http1: self.http1Pool
        case .http2: self.http2Pool
        case .likeDownstream: version == .http2 ? self.http2Pool : self.http1Pool
        case .negotiated: self.negotiatedPool
        }
    }

    /// For the bytes of CONNECT tunnels that end in this proxy.
    var tunnelPool: any UpstreamPool {
        if let pool = self.tunnels { return pool }
        let pool = TunnelPool(dialer: self.dialer, load: self.load, counters: self.counters, limits: self.limits)
        self.tunnels = pool
        if self.isRetired { pool.retire() }
        return pool
    }

    private var http1Pool: any UpstreamPool {
        if let pool = self.http1 { return pool }
        let pool = EndpointPool(dialer: self.dialer, load: self.load, counters: self.counters, limits: self.limits)
        self.http1 = pool
        if self.isRetired { pool.retire() }
        return pool
    }

    private var http2Pool: any UpstreamPool {
        if let pool = self.http2 { return pool }
        let pool = HTTP2Pool(
            dialer: self.dialer, load: self.load, counters: self.counters, limits: self.limits, options: self.http2Options)
        self.http2 = pool
        if self.isRetired { pool.retire() }
        return pool
    }

    private var negotiatedPool: any UpstreamPool {
        if let pool = self.negotiated { return pool }
        let pool = NegotiatedPool(
            dialer: self.dialer, load: self.load, counters: self.counters, limits: self.limits, options: self.http2Options)
        self.negotiated = pool
        if self.isRetired { pool.retire() }
        return pool
    }

    // MARK: All of them

    private var all: [any UpstreamPool] {
        var pools: [any UpstreamPool] = []
        if let pool = self.http1 { pools.append(pool) }
        if let pool = self.http2 { pools.append(pool) }
        if let pool = self.negotiated { pools.append(pool) }
        if let pool = self.tunnels { pools.append(pool) }
        return pools
    }

    private var ofHosts: [EndpointPools] { self.hosts?.all ?? [] }

    var openConnections: Int {
        self.all.reduce(0) { $0 + $1.openConnections } + self.ofHosts.reduce(0) { $0 + $1.openConnections }
    }

    /// Those that wait for a connection.
    var waiting: Int { self.all.reduce(0) { $0 + $1.waiting } + self.ofHosts.reduce(0) { $0 + $1.waiting } }

    func update(limits: PoolLimits) {
        self.limits = limits
        for pool in self.all { pool.update(limits: limits) }
        for pools in self.ofHosts { pools.update(limits: limits) }
    }

    private func closeIdle() {
        self.http1?.closeIdle()
        self.http2?.closeIdle()
        self.negotiated?.closeIdle()
    }

    func retire() {
        self.isRetired = true
        for pool in self.all { pool.retire() }
        for pools in self.ofHosts { pools.retire() }
    }

    func closeAll() {
        for pool in self.all { pool.closeAll() }
        for pools in self.ofHosts { pools.closeAll() }
    }
}
