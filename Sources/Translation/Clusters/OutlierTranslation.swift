// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import MeshResources
import SwiftProtobuf

/// Ejection of endpoints. Success-rate ejection, which Envoy has on by default, is off in Istio.
enum OutlierTranslation {
    static func detection(_ settings: OutlierDetectionSettings) -> Envoy_Config_Cluster_V3_OutlierDetection {
        .with {
            $0.enforcingSuccessRate = WireValues.wrapped(0)
            if let errors = settings.consecutive5xxErrors {
                $0.consecutive5Xx = WireValues.wrapped(errors)
                $0.enforcingConsecutive5Xx = WireValues.wrapped(errors > 0 ? 100 : 0)
            }
            if let errors = settings.consecutiveGatewayErrors {
                $0.consecutiveGatewayFailure = WireValues.wrapped(errors)
                $0.enforcingConsecutiveGatewayFailure = WireValues.wrapped(errors > 0 ? 100 : 0)
            }
            if let interval = settings.interval, interval > .zero { $0.interval = WireValues.duration(interval) }
            if let time = settings.baseEjectionTime, time > .zero { $0.baseEjectionTime = WireValues.duration(time) }
            if let percent = settings.maxEjectionPercent, percent > 0 {
                $0.maxEjectionPercent = WireValues.wrapped(min(percent, 100))
            }
            guard settings.splitExternalLocalOriginErrors == true else { return }
            $0.splitExternalLocalOriginErrors = true
            $0.enforcingLocalOriginSuccessRate = WireValues.wrapped(0)
            if let failures = settings.consecutiveLocalOriginFailures, failures > 0 {
                $0.consecutiveLocalOriginFailure = WireValues.wrapped(failures)
                $0.enforcingConsecutiveLocalOriginFailure = WireValues.wrapped(100)
            }
        }
    }
}
