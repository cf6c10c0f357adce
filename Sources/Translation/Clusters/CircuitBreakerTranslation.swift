// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import SwiftProtobuf

/// Istio lifts all of Envoy's limits unless a DestinationRule sets them.
enum CircuitBreakerTranslation {
    static let unlimited = limits()

    /// 0 and nil mean "no limit", as in Istio.
    static func limits(
        connections: Int? = nil, pendingRequests: Int? = nil, requests: Int? = nil, retries: Int? = nil
    ) -> Envoy_Config_Cluster_V3_CircuitBreakers {
        .with {
            $0.thresholds = [
                .with {
                    $0.maxConnections = .init(limit(connections))
                    $0.maxPendingRequests = .init(limit(pendingRequests))
                    $0.maxRequests = .init(limit(requests))
                    $0.maxRetries = .init(limit(retries))
                    $0.trackRemaining = true
                }
            ]
        }
    }

    private static func limit(_ value: Int?) -> UInt32 {
        guard let value, value > 0 else { return UInt32.max }
        return UInt32(clamping: value)
    }
}
