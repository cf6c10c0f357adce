// SPDX-License-Identifier: Apache-2.0

/// Policy for the connections to a host, a subset or a port. What is nil is taken from the wider policy.
package struct TrafficPolicy: Sendable, Hashable {
    package struct PortLevel: Sendable, Hashable {
        package var port: Int?
        package var policy: TrafficPolicy
    }

    package var loadBalancer: LoadBalancerSettings?
    package var connectionPool: ConnectionPoolSettings?
    package var outlierDetection: OutlierDetectionSettings?
    package var tls: ClientTLSSettings?
    package var portLevelSettings: [PortLevel]
    package var proxyProtocolVersion: String?
    package var retryBudget: RetryBudgetSettings?
    package var hasTunnel: Bool

    package init(_ tree: ManifestValue) {
        loadBalancer = tree["loadBalancer"].map(LoadBalancerSettings.init)
        connectionPool = tree["connectionPool"].map(ConnectionPoolSettings.init)
        outlierDetection = tree["outlierDetection"].map(OutlierDetectionSettings.init)
        tls = tree["tls"].map(ClientTLSSettings.init)
        portLevelSettings = tree.list("portLevelSettings") {
            PortLevel(port: $0["port"]?.int("number"), policy: TrafficPolicy($0))
        }
        proxyProtocolVersion = tree["proxyProtocol"].map { $0.string("version") ?? "V1" }
        retryBudget = tree["retryBudget"].map(RetryBudgetSettings.init)
        hasTunnel = tree["tunnel"] != nil
    }
}

/// Share of the running requests that may be retries.
package struct RetryBudgetSettings: Sendable, Hashable {
    /// 0 … 100; 20 unless set.
    package var percent: Double?
    /// 3 unless set.
    package var minRetryConcurrency: Int?

    package init(_ tree: ManifestValue) {
        percent = tree["percent"].flatMap { $0.number ?? $0.number("value") }
        minRetryConcurrency = tree.int("minRetryConcurrency")
    }
}
