// SPDX-License-Identifier: Apache-2.0
package import Observability

/// Whether a try is repeated.
package enum RetryDecision: Sendable, Hashable {
    case retry(after: Duration)
    /// The policy does not name this outcome, or there is no policy.
    case notRetriable
    /// It would have been, but the tries are used up: flag URX.
    case limitReached
    /// It would have been, but the cluster's retries are used up: flag UO.
    case overflow

    /// The flag to add to those of the last try.
    package var flag: ResponseFlag? {
        switch self {
        case .retry, .notRetriable: nil
        case .limitReached: .upstreamRetryLimitExceeded
        case .overflow: .upstreamOverflow
        }
    }
}
