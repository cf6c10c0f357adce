// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import MeshModel
import MeshResources

extension RetryTranslation {
    /// Nil where a route does not retry: `attempts: 0` says so, and a block without `attempts` means 0 too.
    static func policy(_ retries: HTTPRetry?, _ configuration: MeshConfiguration, hashes: Bool) -> Wire.RetryPolicy? {
        guard let retries else { return standard(configuration, avoidTriedHosts: !hashes) }
        guard let attempts = retries.attempts, attempts > 0 else { return nil }
        let stated = retries.retryOn.flatMap { $0.isEmpty ? nil : $0 }
        var policy = policy(
            attempts: attempts, retryOn: stated ?? configuration.defaultRetryOn,
            avoidTriedHosts: retries.retryIgnorePreviousHosts ?? !hashes)
        if let timeout = retries.perTryTimeout, timeout > .zero { policy.perTryTimeout = WireValues.duration(timeout) }
        if let backoff = retries.backoff, backoff > .zero { policy.retryBackOff.baseInterval = WireValues.duration(backoff) }
        return policy
    }
}
