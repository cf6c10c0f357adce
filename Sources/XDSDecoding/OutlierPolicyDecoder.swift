// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import ProxyModel
import SwiftProtobuf

/// Outlier detection. Without enforcement of its own a success rate is enforced, as in Envoy.
enum OutlierPolicyDecoder {
    static func decode(
        _ detection: Envoy_Config_Cluster_V3_OutlierDetection, _ context: FieldContext
    ) throws(DecodingError) -> OutlierPolicy {
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
        try Self.rates(detection, &policy, context)
        if detection.hasInterval { policy.interval = try context.duration(detection.interval, "interval") }
        if detection.hasBaseEjectionTime {
            policy.baseEjectionTime = try context.duration(detection.baseEjectionTime, "base_ejection_time")
        }
        if detection.hasMaxEjectionTime {
            policy.maxEjectionTime = try context.duration(detection.maxEjectionTime, "max_ejection_time")
        } else {
            policy.maxEjectionTime = max(policy.maxEjectionTime, policy.baseEjectionTime)
        }
        if detection.hasMaxEjectionTimeJitter {
            policy.maxEjectionTimeJitter = try context.duration(detection.maxEjectionTimeJitter, "max_ejection_time_jitter")
        }
        guard policy.interval > .zero else { throw context.field("interval").error("is zero") }
        policy.splitsLocalOriginErrors = detection.splitExternalLocalOriginErrors
        policy.alwaysEjectsOneHost = detection.alwaysEjectOneHost.value
        return policy
    }

    private static func rates(
        _ detection: Envoy_Config_Cluster_V3_OutlierDetection, _ policy: inout OutlierPolicy, _ context: FieldContext
    ) throws(DecodingError) {
        func percent(_ isSet: Bool, _ value: Google_Protobuf_UInt32Value, _ name: String, _ field: inout Int) throws(DecodingError)
        {
            if isSet { field = try Self.percent(value, context, name) }
        }
        func count(_ isSet: Bool, _ value: Google_Protobuf_UInt32Value, _ field: inout Int) {
            if isSet { field = Int(value.value) }
        }
        count(detection.hasSuccessRateMinimumHosts, detection.successRateMinimumHosts, &policy.successRate.minimumHosts)
        count(detection.hasSuccessRateRequestVolume, detection.successRateRequestVolume, &policy.successRate.requestVolume)
        count(detection.hasSuccessRateStdevFactor, detection.successRateStdevFactor, &policy.successRate.deviationFactor)
        try percent(
            detection.hasEnforcingSuccessRate, detection.enforcingSuccessRate, "enforcing_success_rate",
            &policy.successRate.enforcing)
        try percent(
            detection.hasEnforcingLocalOriginSuccessRate, detection.enforcingLocalOriginSuccessRate,
            "enforcing_local_origin_success_rate", &policy.successRate.enforcingLocalOrigin)
        try percent(
            detection.hasFailurePercentageThreshold, detection.failurePercentageThreshold, "failure_percentage_threshold",
            &policy.failurePercentage.threshold)
        count(
            detection.hasFailurePercentageMinimumHosts, detection.failurePercentageMinimumHosts,
            &policy.failurePercentage.minimumHosts)
        count(
            detection.hasFailurePercentageRequestVolume, detection.failurePercentageRequestVolume,
            &policy.failurePercentage.requestVolume)
        try percent(
            detection.hasEnforcingFailurePercentage, detection.enforcingFailurePercentage, "enforcing_failure_percentage",
            &policy.failurePercentage.enforcing)
    }

    private static func percent(
        _ value: Google_Protobuf_UInt32Value, _ context: FieldContext, _ name: String
    ) throws(DecodingError) -> Int {
        guard value.value <= 100 else { throw context.field(name).error("is above 100 %") }
        return Int(value.value)
    }
}
