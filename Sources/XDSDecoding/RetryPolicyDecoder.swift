// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import ProxyModel
import SwiftProtobuf

/// Retries. Tokens that Envoy does not know either are refused, where Envoy ignores them.
enum RetryPolicyDecoder {
    static func decode(
        _ policy: Envoy_Config_Route_V3_RetryPolicy, _ context: FieldContext
    ) throws(DecodingError) -> RetryPolicy {
        try context.refuse(policy.hasRetryPriority, "retry_priority")
        var conditions: Set<RetryPolicy.Condition> = []
        for token in policy.retryOn.split(separator: ",") {
            let name = token.filter { $0 != " " }
            guard let condition = RetryPolicy.Condition(rawValue: String(name)) else {
                throw context.field("retry_on").error("\"\(name)\" is not a condition")
            }
            conditions.insert(condition)
        }
        var result = RetryPolicy(conditions: conditions, retries: policy.hasNumRetries ? Int(policy.numRetries.value) : 1)
        if policy.hasPerTryTimeout { result.perTryTimeout = try context.duration(policy.perTryTimeout, "per_try_timeout") }
        if policy.hasPerTryIdleTimeout {
            result.perTryIdleTimeout = try context.duration(policy.perTryIdleTimeout, "per_try_idle_timeout")
        }
        for status in policy.retriableStatusCodes {
            guard (100..<600).contains(status) else {
                throw context.field("retriable_status_codes").error("\(status) is no status")
            }
            result.statusCodes.insert(UInt16(status))
        }
        result.retriableHeaders = try MatchDecoder.headers(policy.retriableHeaders, context, "retriable_headers")
        result.retriableRequests = try MatchDecoder.headers(
            policy.retriableRequestHeaders, context, "retriable_request_headers")
        try Self.hostSelection(policy, &result, context)
        if policy.hasRetryBackOff {
            let place = context.field("retry_back_off")
            result.baseInterval = try place.duration(policy.retryBackOff.baseInterval, "base_interval")
            guard result.baseInterval > .zero else { throw place.field("base_interval").error("is zero") }
            if policy.retryBackOff.hasMaxInterval {
                let maximum = try place.duration(policy.retryBackOff.maxInterval, "max_interval")
                guard maximum >= result.baseInterval else { throw place.field("max_interval").error("is below base_interval") }
                result.maxInterval = maximum
            }
        }
        return result
    }

    private static func hostSelection(
        _ policy: Envoy_Config_Route_V3_RetryPolicy, _ result: inout RetryPolicy, _ context: FieldContext
    ) throws(DecodingError) {
        for (index, predicate) in policy.retryHostPredicate.enumerated() {
            let place = context.element("retry_host_predicate", index)
            if case .typedConfig(let any)? = predicate.configType {
                _ = try place.unpack(any, as: Envoy_Extensions_Retry_Host_PreviousHosts_V3_PreviousHostsPredicate.self)
            } else if predicate.name != ExtensionName.previousHosts {
                throw place.error("\(predicate.name) is not supported by this proxy")
            }
            result.avoidsPreviousHosts = true
        }
        if policy.hostSelectionRetryMaxAttempts > 0 {
            result.hostSelectionAttempts = Int(min(policy.hostSelectionRetryMaxAttempts, 1000))
        }
    }
}
