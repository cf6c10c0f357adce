// SPDX-License-Identifier: Apache-2.0
import NIOCore
import Observability
import ProxyModel

/// A cluster on one event loop: its endpoints in order, the balancer's place, and what it has seen.
final class ClusterState {
    private(set) var cluster: Cluster
    let counters: CircuitCounters
    let service: InternedLabels
    private(set) var endpoints: [EndpointState] = []
    private var next = 0
    private var appliedSet: EndpointSet?
    private unowned let worker: ProxyWorker

    init(cluster: Cluster, counters: CircuitCounters, worker: ProxyWorker) {
        self.cluster = cluster
        self.counters = counters
        self.worker = worker
        self.service = worker.telemetry.service(
            cluster.service.map { ServiceLabels(host: $0.host, name: $0.name, namespace: $0.namespace) } ?? ServiceLabels())
        self.next = Int.random(in: 0..<1024)
    }

    func apply(_ cluster: Cluster, _ set: EndpointSet?) {
        if cluster == self.cluster, set == self.appliedSet { return }
        let transportChanged =
            cluster.connectTimeout != self.cluster.connectTimeout || cluster.tls != self.cluster.tls
            || cluster.transportMatches != self.cluster.transportMatches
        self.cluster = cluster
        self.appliedSet = set
        var known: [ProxySocketAddress: EndpointState] = [:]
        for state in self.endpoints { known[state.endpoint.address] = state }
        let limits = self.poolLimits
        var states: [EndpointState] = []
        for endpoint in set?.endpoints ?? [] {
            let tls = cluster.tls(for: endpoint)
            if let state = known[endpoint.address], !transportChanged, state.tls == tls,
                state.endpoint.workload == endpoint.workload
            {
                known[endpoint.address] = nil
                state.endpoint = endpoint
                state.pool.update(limits: limits)
                states.append(state)
            } else if let state = self.make(endpoint, tls: tls, limits: limits) {
                states.append(state)
            }
        }
        for state in known.values { state.pool.retire() }
        self.endpoints = states
    }

    func retire() {
        for state in self.endpoints { state.pool.retire() }
    }

    private var poolLimits: PoolLimits {
        let idle = self.cluster.idleTimeout.map { $0 == .zero ? nil : TimeAmount($0) } ?? .hours(1)
        return PoolLimits(
            maximumConnections: self.cluster.circuitLimits.maxConnections,
            maximumPending: self.cluster.circuitLimits.maxPendingRequests,
            requestsPerConnection: self.cluster.maxRequestsPerConnection ?? 0, idleTimeout: idle)
    }

    private func make(_ endpoint: Endpoint, tls: ClientTLSContext?, limits: PoolLimits) -> EndpointState? {
        guard let address = SocketAddress(endpoint.address) else { return nil }
        let dialer = UpstreamDialer(
            eventLoop: self.worker.eventLoop, address: address, tls: tls.map(UpstreamTLS.init), vault: self.worker.vault,
            connectTimeout: TimeAmount(self.cluster.connectTimeout))
        let pool = EndpointPool(dialer: dialer, counters: self.counters, limits: limits)
        let labels = self.worker.telemetry.peer(
            endpoint.workload.isEmpty
                ? PeerLabels() : PeerLabels(endpointText: endpoint.workload, principal: dialer.expectedPrincipal))
        return EndpointState(endpoint: endpoint, tls: tls, dialer: dialer, pool: pool, labels: labels)
    }

    // MARK: Balancing

    /// The endpoint for a next attempt; nil if none is fit. `avoiding`: those that were tried, used only if nothing else is left.
    func pick(avoiding tried: [EndpointState]) -> EndpointState? {
        let now = NIODeadline.now()
        var usable = self.endpoints.filter { $0.isHealthy && !$0.tracker.isEjected(at: now) }
        let healthy = usable.count * 100
        if usable.isEmpty || Double(healthy) < self.cluster.panicThreshold * Double(self.endpoints.count) {
            // Panic: health is not looked at, but only where a threshold is set.
            guard self.cluster.panicThreshold > 0 else { return usable.isEmpty ? nil : self.choose(usable) }
            usable = self.endpoints
        }
        if let best = usable.map(\.endpoint.priority).min() { usable = usable.filter { $0.endpoint.priority == best } }
        if !tried.isEmpty {
            let fresh = usable.filter { candidate in !tried.contains { $0 === candidate } }
            if !fresh.isEmpty { usable = fresh }
        }
        return self.choose(usable)
    }

    private func choose(_ usable: [EndpointState]) -> EndpointState? {
        guard usable.count > 1 else { return usable.first }
        switch self.cluster.balancing {
        case .roundRobin:
            self.next &+= 1
            return usable[Int(UInt(bitPattern: self.next) % UInt(usable.count))]
        case .leastRequest(let choices):
            var best: EndpointState?
            for _ in 0..<max(choices, 2) {
                let candidate = usable[Int.random(in: usable.indices)]
                if let known = best, known.active <= candidate.active { continue }
                best = candidate
            }
            return best
        case .random, .ringHash, .maglev: return usable.randomElement()
        }
    }

    // MARK: Outliers

    func report(_ endpoint: EndpointState, _ outcome: EjectionTracker.Outcome) {
        guard let policy = self.cluster.outlierPolicy else { return }
        guard endpoint.tracker.report(outcome, policy: policy, random: Int.random(in: 0..<100)) else { return }
        let now = NIODeadline.now()
        var out = 0
        for state in self.endpoints where state.tracker.isEjected(at: now) { out += 1 }
        // Envoy's rule: the share counts the endpoint that would go, so a lone endpoint stays unless the policy says otherwise.
        let staysWithinShare = (out + 1) * 100 <= self.endpoints.count * policy.maxEjectionPercent
        guard staysWithinShare || (policy.alwaysEjectsOneHost && out == 0) else { return }
        endpoint.tracker.eject(at: now, policy: policy)
    }
}
