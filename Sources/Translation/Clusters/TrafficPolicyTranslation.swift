// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import MeshModel
import MeshResources
import SwiftProtobuf

/// Load balancing, limits and ejection of a cluster, as its traffic policy says or as Istio has them by default.
enum TrafficPolicyTranslation {
    static func apply(_ policy: EffectiveTrafficPolicy, to cluster: inout Wire.Cluster, speaks: PortProtocol) {
        balance(policy.loadBalancer, &cluster)
        limit(policy, &cluster)
        connect(policy.connectionPool?.tcp, &cluster)
        if speaks.isHTTP {
            let http = policy.connectionPool?.http
            cluster.typedExtensionProtocolOptions = HTTPOptionsTranslation.options(
                Self.upstreamProtocol(policy, speaks),
                idleTimeout: (http?.idleTimeout ?? policy.connectionPool?.tcp?.idleTimeout).map { WireValues.duration($0) },
                maxConnectionDuration: policy.connectionPool?.tcp?.maxConnectionDuration.map { WireValues.duration($0) },
                maxRequestsPerConnection: http?.maxRequestsPerConnection, maxConcurrentStreams: http?.maxConcurrentStreams,
                keepAlive: http?.http2KeepAlive, tls: policy.tls)
        }
        cluster.commonLbConfig.healthyPanicThreshold.value = Double(policy.outlierDetection?.minHealthPercent ?? 0)
        if let settings = policy.outlierDetection { cluster.outlierDetection = OutlierTranslation.detection(settings) }
    }

    private static func upstreamProtocol(
        _ policy: EffectiveTrafficPolicy, _ speaks: PortProtocol
    ) -> HTTPOptionsTranslation.UpstreamProtocol {
        if policy.connectionPool?.http?.useClientProtocol ?? false { return .likeClient }
        return Self.isHTTP2(policy, speaks) ? .http2 : .http1
    }

    /// Whether HTTP/2 is spoken with the endpoints, whatever the client speaks.
    static func isHTTP2(_ policy: EffectiveTrafficPolicy, _ speaks: PortProtocol) -> Bool {
        if policy.connectionPool?.http?.useClientProtocol ?? false { return false }
        return speaks.isHTTP2 || (speaks.isHTTP && policy.connectionPool?.http?.h2UpgradePolicy == .always)
    }

    /// LEAST_REQUEST unless something else is asked for; LEAST_CONN is its old name. PASSTHROUGH would need the original
    /// destination, which an explicit proxy does not have. Warm-up is not sent: our proxy does not have it yet.
    private static func balance(_ settings: LoadBalancerSettings?, _ cluster: inout Wire.Cluster) {
        if let hash = settings?.consistentHash {
            switch hash.algorithm {
            case .ringHash(let minimum):
                cluster.lbPolicy = .ringHash
                cluster.ringHashLbConfig.minimumRingSize = .init(UInt64(clamping: min(max(minimum ?? 1024, 1), 8_388_608)))
            case .maglev(let size):
                cluster.lbPolicy = .maglev
                cluster.maglevLbConfig.tableSize = .init(UInt64(clamping: size ?? 65_537))
            }
            return
        }
        switch settings?.simple {
        case .roundRobin: cluster.lbPolicy = .roundRobin
        case .random: cluster.lbPolicy = .random
        case .leastRequest, .leastConnections, .passthrough, .unspecified, nil: cluster.lbPolicy = .leastRequest
        }
    }

    private static func limit(_ policy: EffectiveTrafficPolicy, _ cluster: inout Wire.Cluster) {
        let pool = policy.connectionPool
        cluster.circuitBreakers = CircuitBreakerTranslation.limits(
            connections: pool?.tcp?.maxConnections, pendingRequests: pool?.http?.http1MaxPendingRequests,
            requests: pool?.http?.http2MaxRequests, retries: pool?.http?.maxRetries)
        guard let budget = policy.retryBudget, !cluster.circuitBreakers.thresholds.isEmpty else { return }
        cluster.circuitBreakers.thresholds[0].retryBudget = .with {
            $0.budgetPercent.value = min(max(budget.percent ?? 20, 0), 100)
            $0.minRetryConcurrency = WireValues.wrapped(budget.minRetryConcurrency ?? 3)
        }
    }

    private static func connect(_ tcp: ConnectionPoolSettings.TCP?, _ cluster: inout Wire.Cluster) {
        if let timeout = tcp?.connectTimeout, timeout > .zero { cluster.connectTimeout = WireValues.duration(timeout) }
        guard let keepalive = tcp?.keepalive else { return }
        cluster.upstreamConnectionOptions.tcpKeepalive = .with {
            if let probes = keepalive.probes { $0.keepaliveProbes = WireValues.wrapped(probes) }
            if let time = keepalive.time { $0.keepaliveTime = WireValues.wrapped(Int(time.components.seconds)) }
            if let interval = keepalive.interval { $0.keepaliveInterval = WireValues.wrapped(Int(interval.components.seconds)) }
        }
    }
}
