// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import ProxyModel
import SwiftProtobuf

/// Outlier detection by consecutive failures. Detection by success rate or failure percentage has to be switched off.
enum OutlierPolicyDecoder {
    static func decode(
        _ detection: Envoy_Config_Cluster_V3_OutlierDetection, _ context: FieldContext
    ) throws(DecodingError) -> OutlierPolicy {
        // Envoy enforces these two unless told otherwise; here they do not exist, so only a zero is what it says.
        try context.refuse(detection.hasEnforcingSuccessRate && detection.enforcingSuccessRate.value != 0, "enforcing_success_rate")
        try context.refuse(
            detection.hasEnforcingFailurePercentage && detection.enforcingFailurePercentage.value != 0,
            "enforcing_failure_percentage")
        var policy = OutlierPolicy()
        if detection.hasConsecutive5Xx { policy.consecutive5xx = Int(detection.consecutive5Xx.value) }
        if detection.hasConsecutiveGatewayFailure {
            policy.consecutiveGatewayFailures = Int(detection.consecutiveGatewayFailure.value)
        }
        if detection.hasConsecutiveLocalOriginFailure {
            policy.consecutiveLocalOriginFailures = Int(detection.consecutiveLocalOriginFailure.value)
        }
        if detection.hasEnforcingConsecutive5Xx {
            policy.enforcingConsecutive5xx = try Self.percent(
                detection.enforcingConsecutive5Xx, context, "enforcing_consecutive_5xx")
        }
        if detection.hasEnforcingConsecutiveGatewayFailure {
            policy.enforcingConsecutiveGatewayFailures = try Self.percent(
                detection.enforcingConsecutiveGatewayFailure, context, "enforcing_consecutive_gateway_failure")
        }
        if detection.hasEnforcingConsecutiveLocalOriginFailure {
            policy.enforcingConsecutiveLocalOriginFailures = try Self.percent(
                detection.enforcingConsecutiveLocalOriginFailure, context, "enforcing_consecutive_local_origin_failure")
        }
        if detection.hasMaxEjectionPercent {
            policy.maxEjectionPercent = try Self.percent(detection.maxEjectionPercent, context, "max_ejection_percent")
        }
        if detection.hasInterval { policy.interval = try context.duration(detection.interval, "interval") }
        if detection.hasBaseEjectionTime {
            policy.baseEjectionTime = try context.duration(detection.baseEjectionTime, "base_ejection_time")
        }
        if detection.hasMaxEjectionTime {
            policy.maxEjectionTime = try context.duration(detection.maxEjectionTime, "max_ejection_time")
        } else {
            policy.maxEjectionTime = max(policy.maxEjectionTime, policy.baseEjectionTime)
        }
        guard policy.interval > .zero else { throw context.field("interval").error("is zero") }
        policy.splitsLocalOriginErrors = detection.splitExternalLocalOriginErrors
        policy.alwaysEjectsOneHost = detection.alwaysEjectOneHost.value
        return policy
    }

    private static func percent(
        _ value: Google_Protobuf_UInt32Value, _ context: FieldContext, _ name: String
    ) throws(DecodingError) -> Int {
        guard value.value <= 100 else { throw context.field(name).error("is above 100 %") }
        return Int(value.value)
    }
}
