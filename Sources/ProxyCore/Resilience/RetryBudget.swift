// SPDX-License-Identifier: Apache-2.0
package import ProxyModel

/// How many retries a cluster may have running.
package enum RetryBudget {
    /// `active` and `pending` count requests, retries included.
    package static func limit(_ limits: CircuitLimits, active: Int, pending: Int) -> Int {
        guard let budget = limits.retryBudget else { return limits.maxRetries }
        let requests = Double(max(active, 0)) + Double(max(pending, 0))
        let share = (requests * max(budget.percent, 0) / 100).rounded(.down)
        return max(budget.minimumConcurrency, share.isFinite && share < Double(Int32.max) ? Int(share) : Int(Int32.max))
    }
}
