// SPDX-License-Identifier: Apache-2.0

/// When an endpoint is left out. Counts of 0 and enforcing shares of 0 switch a detector off. Envoy's defaults.
package struct OutlierPolicy: Sendable, Hashable {
    /// Leaves out whose success rate lies far below the mean of the cluster's.
    package struct SuccessRate: Sendable, Hashable {
        /// So many endpoints need `requestVolume`, or nobody is judged.
        package var minimumHosts: Int
        /// Requests in one interval.
        package var requestVolume: Int
        /// Thousandths of a standard deviation below the mean.
        package var deviationFactor: Int
        /// 0 … 100.
        package var enforcing: Int
        /// 0 … 100; counts only where local errors are split off.
        package var enforcingLocalOrigin: Int

        package init(
            minimumHosts: Int = 5, requestVolume: Int = 100, deviationFactor: Int = 1900, enforcing: Int = 100,
            enforcingLocalOrigin: Int = 100
        ) {
            self.minimumHosts = minimumHosts
            self.requestVolume = requestVolume
            self.deviationFactor = deviationFactor
            self.enforcing = enforcing
            self.enforcingLocalOrigin = enforcingLocalOrigin
        }
    }

    /// Leaves out whose requests fail more often than a fixed share.
    package struct FailurePercentage: Sendable, Hashable {
        /// 0 … 100.
        package var threshold: Int
        package var minimumHosts: Int
        /// Requests in one interval.
        package var requestVolume: Int
        /// 0 … 100.
        package var enforcing: Int
        /// 0 … 100; counts only where local errors are split off.
        package var enforcingLocalOrigin: Int

        package init(
            threshold: Int = 85, minimumHosts: Int = 5, requestVolume: Int = 50, enforcing: Int = 0, enforcingLocalOrigin: Int = 0
        ) {
            self.threshold = threshold
            self.minimumHosts = minimumHosts
            self.requestVolume = requestVolume
            self.enforcing = enforcing
            self.enforcingLocalOrigin = enforcingLocalOrigin
        }
    }

    package var consecutive5xx: Int
    package var consecutiveGatewayFailures: Int
    package var consecutiveLocalOriginFailures: Int
    /// 0 … 100.
    package var enforcingConsecutive5xx: Int
    package var enforcingConsecutiveGatewayFailures: Int
    package var enforcingConsecutiveLocalOriginFailures: Int
    package var successRate: SuccessRate
    package var failurePercentage: FailurePercentage
    package var interval: Duration
    package var baseEjectionTime: Duration
    package var maxEjectionTime: Duration
    /// The most that is added to each ejection, by chance, so that not all return at once.
    package var maxEjectionTimeJitter = Duration.zero
    package var maxEjectionPercent: Int
    package var splitsLocalOriginErrors: Bool
    package var alwaysEjectsOneHost: Bool

    package init(
        consecutive5xx: Int = 5, consecutiveGatewayFailures: Int = 5, consecutiveLocalOriginFailures: Int = 5,
        enforcingConsecutive5xx: Int = 100, enforcingConsecutiveGatewayFailures: Int = 0,
        enforcingConsecutiveLocalOriginFailures: Int = 100,
        successRate: SuccessRate = SuccessRate(), failurePercentage: FailurePercentage = FailurePercentage(),
        interval: Duration = .seconds(10), baseEjectionTime: Duration = .seconds(30), maxEjectionTime: Duration = .seconds(300),
        maxEjectionPercent: Int = 10, splitsLocalOriginErrors: Bool = false, alwaysEjectsOneHost: Bool = false
    ) {
        self.consecutive5xx = consecutive5xx
        self.consecutiveGatewayFailures = consecutiveGatewayFailures
        self.consecutiveLocalOriginFailures = consecutiveLocalOriginFailures
        self.enforcingConsecutive5xx = enforcingConsecutive5xx
        self.enforcingConsecutiveGatewayFailures = enforcingConsecutiveGatewayFailures
        self.enforcingConsecutiveLocalOriginFailures = enforcingConsecutiveLocalOriginFailures
        self.successRate = successRate
        self.failurePercentage = failurePercentage
        self.interval = interval
        self.baseEjectionTime = baseEjectionTime
        self.maxEjectionTime = maxEjectionTime
        self.maxEjectionPercent = maxEjectionPercent
        self.splitsLocalOriginErrors = splitsLocalOriginErrors
        self.alwaysEjectsOneHost = alwaysEjectsOneHost
    }

    /// Whether anybody looks at how many requests succeeded in an interval.
    package var judgesRates: Bool {
        if self.successRate.enforcing > 0 || self.failurePercentage.enforcing > 0 { return true }
        return self.splitsLocalOriginErrors
            && (self.successRate.enforcingLocalOrigin > 0 || self.failurePercentage.enforcingLocalOrigin > 0)
    }
}
