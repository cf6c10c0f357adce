// SPDX-License-Identifier: Apache-2.0
import NIOCore
import Observability
import ProxyCore
import ProxyModel

/// A cluster on one event loop: its endpoints in order, and the balancer that chooses among them.
final class ClusterState {
    private(set) var cluster: Cluster
    let counters: CircuitCounters
    let outliers: OutlierMonitor
    let service: InternedLabels
    let stats = ClusterStats()
    private(set) var endpoints: [EndpointState] = []
    /// Made as clients ask for them, where the cluster is `ORIGINAL_DST`.
    private var destinations: DestinationTable?
    private var balancer: LoadBalancer
    /// As configured or delivered, with host names.
    private var appliedSet: EndpointSet?
    /// The same with addresses.
    private var usedEndpoints: [Endpoint] = []
    private var refreshTimer: Scheduled<Void>?
    private var judgesRates = false
    private var isRetired = false
    private var sweepTimer: Scheduled<Void>?
    private unowned let worker: ProxyWorker

    init(cluster: Cluster, counters: CircuitCounters, outliers: OutlierMonitor, worker: ProxyWorker) {
        self.cluster = cluster
        self.counters = counters
        self.outliers = outliers
        self.worker = worker
        self.service = worker.telemetry.service(
            cluster.service.map { ServiceLabels(host: $0.host, name: $0.name, namespace: $0.namespace) } ?? ServiceLabels())
        self.balancer = LoadBalancer(
            cluster.balancing, endpoints: EndpointSet(), panicThreshold: cluster.panicThreshold, random: &worker.random)
    }

    func apply(_ cluster: Cluster, _ set: EndpointSet?) {
        if cluster == self.cluster, set == self.appliedSet { return }
        let transportChanged =
            cluster.connectTimeout != self.cluster.connectTimeout || cluster.tls != self.cluster.tls
            || cluster.transportMatches != self.cluster.transportMatches
            || cluster.upstreamProtocol != self.cluster.upstreamProtocol
            || cluster.proxyProtocol != self.cluster.proxyProtocol
            || cluster.http2 != self.cluster.http2 || cluster.peerNaming != self.cluster.peerNaming
        self.cluster = cluster
        self.appliedSet = set
        self.destinations?.retire()
        self.destinations = nil
        self.useEndpoints(transportChanged: transportChanged)
        self.scheduleRefresh()
    }

    private func useEndpoints(transportChanged: Bool) {
        let cluster = self.cluster
        var usable = self.appliedSet ?? EndpointSet()
        if case .named(_, let resolution) = cluster.endpointSource {
            usable = NamedEndpoints.resolved(usable, resolution) { self.worker.hosts.addresses(of: $0) }
        }
        self.usedEndpoints = usable.endpoints
        self.moveEndpoint(usable.endpoints)
        self.replaceEndpoints(usable.endpoints, transportChanged: transportChanged)
        usable.endpoints = self.endpoints.map(\.endpoint)
        self.outliers.update(cluster.outlierPolicy, endpoints: usable.endpoints)
        self.judgesRates = cluster.outlierPolicy?.judgesRates ?? false
        for (index, state) in self.endpoints.enumerated() {
            state.index = index
            state.outlierRecord = self.outliers.record(of: state.endpoint.address)
        }
        let ejected = self.outliers.summary.ejected
        for state in self.endpoints { state.isEjected = ejected.contains(state.endpoint.address) }
        self.balancer = LoadBalancer(
            cluster.balancing, endpoints: usable, panicThreshold: cluster.panicThreshold,
            weighsLocalities: cluster.weighsLocalities, ejected: ejected, random: &self.worker.random)
        self.scheduleSweep()
    }

    /// Whatever address a name has, it is one endpoint (`LOGICAL_DNS`): its pool stays when the address changes.
    private func moveEndpoint(_ endpoints: [Endpoint]) {
        guard case .named(_, let resolution) = self.cluster.endpointSource, !resolution.usesAllAddresses,
            let state = self.endpoints.first, let endpoint = endpoints.first, state.endpoint.address != endpoint.address,
            state.endpoint.hostname == endpoint.hostname
        else { return }
        state.move(to: endpoint)
    }

    private func replaceEndpoints(_ endpoints: [Endpoint], transportChanged: Bool) {
        var known: [ProxySocketAddress: EndpointState] = [:]
        for state in self.endpoints {
            known[state.endpoint.address] = state
            state.index = -1
        }
        let limits = self.poolLimits
        var states: [EndpointState] = []
        for endpoint in endpoints {
            let tls = self.cluster.tls(for: endpoint)
            let before = known[endpoint.address]
            if let state = before, !transportChanged, state.tls == tls,
                state.dialer.proxyProtocol == self.cluster.proxyProtocol(for: endpoint),
                state.dialer.keepAlive == self.cluster.tcpKeepAlive
            {
                known[endpoint.address] = nil
                if state.endpoint.workload != endpoint.workload { state.labels = self.labels(endpoint, state.dialer) }
                state.endpoint = endpoint
                state.pools.update(limits: limits)
                states.append(state)
            } else if let state = self.make(endpoint, tls: tls, limits: limits, load: before?.load) {
                states.append(state)
            }
        }
        for state in known.values { state.pools.retire() }
        if self.endpoints.map(\.endpoint.address) != states.map(\.endpoint.address) { self.stats.membershipChanges &+= 1 }
        self.endpoints = states
    }

    func retire() {
        self.sweepTimer?.cancel()
        self.sweepTimer = nil
        self.refreshTimer?.cancel()
        self.refreshTimer = nil
        self.isRetired = true
        for state in self.endpoints { state.pools.retire() }
        self.destinations?.retire()
        self.destinations = nil
    }

    private var poolLimits: PoolLimits {
        let idle = self.cluster.idleTimeout.map { $0 == .zero ? nil : TimeAmount($0) } ?? .hours(1)
        return PoolLimits(
            maximumConnections: self.cluster.circuitLimits.maxConnections,
            maximumPending: self.cluster.circuitLimits.maxPendingRequests,
            requestsPerConnection: self.cluster.maxRequestsPerConnection ?? 0, idleTimeout: idle,
            maximumAge: self.cluster.maxConnectionDuration.map { TimeAmount($0) },
            ageJitter: self.cluster.connectionDurationJitter)
    }

    private func make(
        _ endpoint: Endpoint, tls: ClientTLSContext?, limits: PoolLimits, load: EndpointLoad?
    ) -> EndpointState? {
        guard let address = SocketAddress(endpoint.address) else { return nil }
        let dialer = UpstreamDialer(
            eventLoop: self.worker.eventLoop, address: address, tls: tls.map(UpstreamTLS.init), vault: self.worker.vault,
            connectTimeout: TimeAmount(self.cluster.connectTimeout), scratch: self.worker.scratch,
            proxyProtocol: self.cluster.proxyProtocol(for: endpoint), keepAlive: self.cluster.tcpKeepAlive,
            handshakes: self.stats.tls)
        let load = load ?? EndpointLoad(stats: self.stats)
        let pools = EndpointPools(
            dialer: dialer, load: load, counters: self.counters, limits: limits, spoken: self.cluster.upstreamProtocol,
            http2: self.cluster.http2, naming: self.cluster.peerNaming)
        return EndpointState(
            endpoint: endpoint, tls: tls, dialer: dialer, pools: pools, labels: self.labels(endpoint, dialer),
            load: load)
    }

    private func labels(_ endpoint: Endpoint, _ dialer: UpstreamDialer) -> InternedLabels {
        self.worker.telemetry.peer(
            endpoint.workload.isEmpty
                ? PeerLabels() : PeerLabels(endpointText: endpoint.workload, principal: dialer.expectedPrincipal))
    }

    // MARK: Balancing

    /// Whether requests have to be hashed.
    var balancesByHash: Bool { self.cluster.balancing.isByHash }

    /// The endpoint for a next attempt; nil if none is fit.
    /// - Parameters:
    ///   - hash: Of the request, for policies that keep to one endpoint.
    ///   - tried: Endpoints that are taken only if `selections` further choices find nothing else.
    func pick(hash: UInt64? = nil, avoiding tried: [EndpointState] = [], selections: Int = 1) -> EndpointState? {
        if self.balancer.isLone { return self.endpoints.first }
        if self.balancer.isInPanic { self.stats.panics &+= 1 }
        var request = LoadBalancer.Request(hash: hash, selections: selections)
        for state in tried where state.index >= 0 { request.avoiding.append(state.index) }
        let endpoints = self.endpoints
        let chosen = self.balancer.choose(
            request, active: { endpoints.indices.contains($0) ? endpoints[$0].active : 0 }, random: &self.worker.random)
        guard let chosen, endpoints.indices.contains(chosen) else { return nil }
        return endpoints[chosen]
    }

    // MARK: Original destinations

    var isOriginalDestination: Bool {
        if case .originalDestination = self.cluster.endpointSource { true } else { false }
    }

    /// The endpoint at an address that a client wants to go to.
    func endpoint(at destination: IPEndpoint) -> EndpointState? {
        guard case .originalDestination(let policy) = self.cluster.endpointSource, !self.isRetired else { return nil }
        var destination = destination
        destination.port = policy.port ?? destination.port
        let table = self.destinations ?? DestinationTable(eventLoop: self.worker.eventLoop, interval: policy.cleanupInterval)
        self.destinations = table
        return table.endpoint(at: destination) { address in
            let endpoint = Endpoint(address: address)
            return self.make(endpoint, tls: self.cluster.tls(for: endpoint), limits: self.poolLimits, load: nil)
        }
    }

    /// Those of the configuration and those that clients asked for.
    var allEndpoints: [EndpointState] { self.endpoints + (self.destinations?.endpoints ?? []) }

    // MARK: Outliers

    func report(_ endpoint: EndpointState, _ result: OutlierResult) {
        guard let record = endpoint.outlierRecord, let policy = self.cluster.outlierPolicy else { return }
        guard self.outliers.report(result, of: record, policy: policy, judgesRates: self.judgesRates) else { return }
        self.spreadEjections()
    }

    /// This loop knows at once, the others soon; each asks the monitor, so that news cannot overtake each other.
    private func spreadEjections() {
        self.takeEjections()
        let name = self.cluster.name
        self.worker.others.tellOthers(than: self.worker) { $0.clusters[name]?.takeEjections() }
    }

    private func takeEjections() {
        let ejected = self.outliers.summary.ejected
        for state in self.endpoints { state.isEjected = ejected.contains(state.endpoint.address) }
        self.balancer.setEjected(ejected, random: &self.worker.random)
        self.scheduleSweep()
    }

    /// One loop of the proxy sweeps, and only while there is something that time may change.
    private func scheduleSweep() {
        guard self.worker.isFirst, self.sweepTimer == nil, let policy = self.cluster.outlierPolicy, self.outliers.needsSweep else {
            return
        }
        self.sweepTimer = self.worker.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(policy.interval)) {
            self.sweepTimer = nil
            if self.outliers.sweep() { self.spreadEjections() }
            self.scheduleSweep()
        }
    }

    // MARK: Names

    /// One loop of the proxy asks for the names of the cluster again, for all.
    private func scheduleRefresh() {
        self.refreshTimer?.cancel()
        self.refreshTimer = nil
        guard self.worker.isFirst, !self.isRetired, case .named(let set, let resolution) = self.cluster.endpointSource else {
            return
        }
        let names = NamedEndpoints.names(in: set)
        guard !names.isEmpty else { return }
        // Not the whole interval for a name whose first answer has not come yet.
        let isKnown = names.allSatisfy { !self.worker.hosts.addresses(of: $0).isEmpty }
        let pause = isKnown ? resolution.refreshInterval : min(resolution.refreshInterval, .seconds(1))
        let loop = self.worker.eventLoop
        self.refreshTimer = loop.assumeIsolated().scheduleTask(in: TimeAmount(pause)) { [weak self] in
            guard let self else { return }
            self.worker.hosts.refresh(names, on: loop).assumeIsolated().whenComplete { _ in
                self.spreadAddresses(set, resolution)
                self.scheduleRefresh()
            }
        }
    }

    private func spreadAddresses(_ set: EndpointSet, _ resolution: NameResolution) {
        guard !self.isRetired, set == self.appliedSet else { return }
        let found = NamedEndpoints.resolved(set, resolution) { self.worker.hosts.addresses(of: $0) }
        guard found.endpoints != self.usedEndpoints else { return }
        self.useEndpoints(transportChanged: false)
        let name = self.cluster.name
        self.worker.others.tellOthers(than: self.worker) { $0.clusters[name]?.useEndpoints(transportChanged: false) }
    }
}
