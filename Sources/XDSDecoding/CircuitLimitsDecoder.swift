// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import ProxyModel
import SwiftProtobuf

/// Circuit breakers of the default priority; this proxy has no other.
enum CircuitLimitsDecoder {
    static func decode(
        _ breakers: Envoy_Config_Cluster_V3_CircuitBreakers, _ context: FieldContext
    ) throws(DecodingError) -> CircuitLimits {
        var limits = CircuitLimits()
        for (index, threshold) in breakers.thresholds.enumerated() {
            let place = context.element("thresholds", index)
            // Limits of the priority that no route can ask for here change nothing.
            guard threshold.priority == .default else { continue }
            try place.refuse(threshold.hasMaxConnectionPools, "max_connection_pools")
            if threshold.hasMaxConnections { limits.maxConnections = Int(threshold.maxConnections.value) }
            if threshold.hasMaxPendingRequests { limits.maxPendingRequests = Int(threshold.maxPendingRequests.value) }
            if threshold.hasMaxRequests { limits.maxRequests = Int(threshold.maxRequests.value) }
            if threshold.hasMaxRetries { limits.maxRetries = Int(threshold.maxRetries.value) }
            if threshold.hasRetryBudget {
                var budget = CircuitLimits.Budget()
                if threshold.retryBudget.hasBudgetPercent { budget.percent = threshold.retryBudget.budgetPercent.value }
                if threshold.retryBudget.hasMinRetryConcurrency {
                    budget.minimumConcurrency = Int(threshold.retryBudget.minRetryConcurrency.value)
                }
                guard (0...100).contains(budget.percent) else {
                    throw place.field("retry_budget.budget_percent").error("is no percentage")
                }
                limits.retryBudget = budget
            }
        }
        return limits
    }
}
