// SPDX-License-Identifier: Apache-2.0
import MeshResources

/// The traffic policy of one cluster: rule, then subset, each with its port's own settings.
struct EffectiveTrafficPolicy: Hashable {
    var loadBalancer: LoadBalancerSettings?
    var connectionPool: ConnectionPoolSettings?
    var outlierDetection: OutlierDetectionSettings?
    var tls: ClientTLSSettings?
    var retryBudget: RetryBudgetSettings?
    /// `V1` or `V2`.
    var proxyProtocolVersion: String?

    init(rule: TrafficPolicy?, subset: TrafficPolicy?, port: Int) {
        if let rule { override(with: rule, port: port) }
        if let subset { override(with: subset, port: port) }
    }

    /// A block that is there replaces the outer one whole. Settings of a port do not inherit: what they leave out is default.
    private mutating func override(with policy: TrafficPolicy, port: Int) {
        loadBalancer = policy.loadBalancer ?? loadBalancer
        connectionPool = policy.connectionPool ?? connectionPool
        outlierDetection = policy.outlierDetection ?? outlierDetection
        tls = policy.tls ?? tls
        retryBudget = policy.retryBudget ?? retryBudget
        proxyProtocolVersion = policy.proxyProtocolVersion ?? proxyProtocolVersion
        guard let own = policy.portLevelSettings.first(where: { $0.port == port })?.policy else { return }
        loadBalancer = own.loadBalancer
        connectionPool = own.connectionPool
        outlierDetection = own.outlierDetection
        tls = own.tls
    }
}
