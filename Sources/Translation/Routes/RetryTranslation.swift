// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import MeshModel
import SwiftProtobuf

/// Retries of a route.
enum RetryTranslation {
    /// To the application behind its own sidecar: only what surely was not processed.
    static let inbound: Wire.RetryPolicy = .with {
        $0.retryOn = "reset-before-request"
        $0.numRetries = WireValues.wrapped(2)
    }

    static func standard(_ configuration: MeshConfiguration, avoidTriedHosts: Bool) -> Wire.RetryPolicy? {
        guard configuration.defaultRetryAttempts > 0 else { return nil }
        return policy(
            attempts: configuration.defaultRetryAttempts, retryOn: configuration.defaultRetryOn, avoidTriedHosts: avoidTriedHosts)
    }

    static func policy(attempts: Int, retryOn: String, avoidTriedHosts: Bool) -> Wire.RetryPolicy {
        let conditions = RetryConditions(parsing: retryOn)
        return .with {
            $0.retryOn = conditions.tokens.joined(separator: ",")
            $0.retriableStatusCodes = conditions.statusCodes
            $0.numRetries = WireValues.wrapped(attempts)
            if avoidTriedHosts {
                $0.retryHostPredicate = [
                    .with {
                        $0.name = ExtensionName.previousHosts
                        $0.typedConfig = WireBytes.packed(
                            Envoy_Extensions_Retry_Host_PreviousHosts_V3_PreviousHostsPredicate())
                    }
                ]
                $0.hostSelectionRetryMaxAttempts = 5
            }
        }
    }
}
