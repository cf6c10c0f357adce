// SPDX-License-Identifier: Apache-2.0

/// When an endpoint is left out. Counts of 0 and enforcing shares of 0 switch a detector off. Envoy's defaults.
package struct OutlierPolicy: Sendable, Hashable {
    package var consecutive5xx: Int
    package var consecutiveGatewayFailures: Int
    package var consecutiveLocalOriginFailures: Int
    /// 0 … 100.
    package var enforcingConsecutive5xx: Int
    package var enforcingConsecutiveGatewayFailures: Int
    package var enforcingConsecutiveLocalOriginFailures: Int
    package var interval: Duration
    package var baseEjectionTime: Duration
    package var maxEjectionTime: Duration
    package var maxEjectionPercent: Int
    package var splitsLocalOriginErrors: Bool
    package var alwaysEjectsOneHost: Bool

    package init(
        consecutive5xx: Int = 5, consecutiveGatewayFailures: Int = 5, consecutiveLocalOriginFailures: Int = 5,
        enforcingConsecutive5xx: Int = 100, enforcingConsecutiveGatewayFailures: Int = 0,
        enforcingConsecutiveLocalOriginFailures: Int = 100,
        interval: Duration = .seconds(10), baseEjectionTime: Duration = .seconds(30), maxEjectionTime: Duration = .seconds(300),
        maxEjectionPercent: Int = 10, splitsLocalOriginErrors: Bool = false, alwaysEjectsOneHost: Bool = false
    ) {
        self.consecutive5xx = consecutive5xx
        self.consecutiveGatewayFailures = consecutiveGatewayFailures
        self.consecutiveLocalOriginFailures = consecutiveLocalOriginFailures
        self.enforcingConsecutive5xx = enforcingConsecutive5xx
        self.enforcingConsecutiveGatewayFailures = enforcingConsecutiveGatewayFailures
        self.enforcingConsecutiveLocalOriginFailures = enforcingConsecutiveLocalOriginFailures
        self.interval = interval
        self.baseEjectionTime = baseEjectionTime
        self.maxEjectionTime = maxEjectionTime
        self.maxEjectionPercent = maxEjectionPercent
        self.splitsLocalOriginErrors = splitsLocalOriginErrors
        self.alwaysEjectsOneHost = alwaysEjectsOneHost
    }
}
