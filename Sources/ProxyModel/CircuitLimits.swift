// SPDX-License-Identifier: Apache-2.0

/// How much of a cluster one proxy may use at a time. Envoy's defaults.
package struct CircuitLimits: Sendable, Hashable {
    package struct Budget: Sendable, Hashable {
        /// 0 … 100, of the active and pending requests.
        package var percent: Double
        package var minimumConcurrency: Int

        package init(percent: Double = 20, minimumConcurrency: Int = 3) {
            self.percent = percent
            self.minimumConcurrency = minimumConcurrency
        }
    }

    package var maxConnections: Int
    package var maxPendingRequests: Int
    package var maxRequests: Int
    package var maxRetries: Int
    /// Takes the place of `maxRetries`.
    package var retryBudget: Budget?

    package init(
        maxConnections: Int = 1024, maxPendingRequests: Int = 1024, maxRequests: Int = 1024, maxRetries: Int = 3,
        retryBudget: Budget? = nil
    ) {
        self.maxConnections = maxConnections
        self.maxPendingRequests = maxPendingRequests
        self.maxRequests = maxRequests
        self.maxRetries = maxRetries
        self.retryBudget = retryBudget
    }
}
