// SPDX-License-Identifier: Apache-2.0
import Observability
import ProxyCore
import ProxyModel

extension ClusterState {
    func statBlocks() -> [StatBlock] {
        let prefix = StatPrefix.cluster(self.cluster.alternateStatName ?? self.cluster.name)
        var blocks = self.stats.blocks(prefix, speaksTLS: self.cluster.tls != nil || !self.cluster.transportMatches.isEmpty)
        blocks.append(StatBlock(prefix, Self.memberFields, self.members))
        blocks.append(StatBlock(prefix, Self.circuitFields, self.circuits))
        if self.cluster.outlierPolicy != nil { blocks.append(StatBlock(prefix, Self.outlierFields, self.ejections)) }
        return blocks
    }

    private static let memberFields = ["membership_total", "membership_healthy", "membership_degraded"].map {
        StatField($0, .gauge, .largest)
    }

    private var members: [Int] {
        let endpoints = self.allEndpoints
        return [
            endpoints.count, endpoints.count { $0.endpoint.health == .healthy && !$0.isEjected },
            endpoints.count { $0.endpoint.health == .degraded && !$0.isEjected },
        ]
    }

    private static let circuitFields = ["cx_open", "rq_pending_open", "rq_open", "rq_retry_open"].map {
        StatField("circuit_breakers.default.\($0)", .gauge, .largest)
    }

    /// Limits are the proxy's: every loop says the same.
    private var circuits: [Int] {
        let (limits, counters) = (self.cluster.circuitLimits, self.counters)
        let retries = RetryBudget.limit(limits, active: counters.value(.requests), pending: counters.value(.pending))
        return [
            (CircuitCounters.Resource.connections, limits.maxConnections), (.pending, limits.maxPendingRequests),
            (.requests, limits.maxRequests), (.retries, retries),
        ].map { counters.value($0) > 0 && counters.value($0) >= $1 ? 1 : 0 }
    }

    private static let outlierFields = [
        StatField("outlier_detection.ejections_active", .gauge, .largest),
        StatField("outlier_detection.ejections_enforced_total", .counter, .largest),
    ]

    private var ejections: [Int] {
        let summary = self.outliers.summary
        return [summary.ejected.count, Int(clamping: summary.ejectionsTotal)]
    }
}
