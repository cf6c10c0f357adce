// SPDX-License-Identifier: Apache-2.0
import ProxyModel

/// Decides after each try of one request whether there is another. One per request; whether the request can still be sent
/// again (nothing went downstream, the body is kept) is for the caller to know before it asks.
package struct RetryPlanner: Sendable {
    private let retry: CompiledRetry?
    private var remaining: Int
    /// Made when it is needed first.
    private var backoff: Backoff?
    /// Tries begun, the first included: `x-envoy-attempt-count`.
    package private(set) var attempts = 1

    package init(_ retry: CompiledRetry?) {
        self.retry = retry
        self.remaining = max(retry?.policy.retries ?? 0, 0)
        self.mayRetry = self.remaining > 0
    }

    /// Whether a failure may lead to another try at all, so that the body is worth keeping.
    package private(set) var mayRetry: Bool

    /// - Parameter takeSlot: takes one of the cluster's retries, or says that there is none left.
    package mutating func decide(after outcome: TryOutcome, random: UInt64, takeSlot: () -> Bool) -> RetryDecision {
        guard let retry = self.retry, Self.isRetriable(outcome, retry) else { return .notRetriable }
        guard self.remaining > 0 else { return .limitReached }
        self.remaining -= 1
        self.mayRetry = self.remaining > 0
        guard takeSlot() else { return .overflow }
        self.attempts += 1
        var backoff = self.backoff ?? retry.backoff
        let delay = backoff.next(random: random)
        self.backoff = backoff
        return .retry(after: delay)
    }

    private static func isRetriable(_ outcome: TryOutcome, _ retry: CompiledRetry) -> Bool {
        switch outcome {
        case .response(let response): self.isRetriable(response, retry)
        case .reset(let reset, let requestSent): self.isRetriable(reset, requestSent: requestSent, retry)
        case .perTryTimeout: self.isRetriable(.localReset, requestSent: true, retry)
        }
    }

    private static func isRetriable(_ response: TryOutcome.Response, _ conditions: CompiledRetry) -> Bool {
        // Whoever limits rates does not want retries, unless told otherwise.
        if response.isRateLimited { return conditions.contains(.envoyRateLimited) }
        if conditions.contains(.serverError), response.status >= 500, response.status < 600 { return true }
        if conditions.contains(.gatewayError), (502...504).contains(response.status) { return true }
        if conditions.contains(.retriable4xx), response.status == 409 { return true }
        if conditions.contains(.retriableStatusCodes), conditions.policy.statusCodes.contains(response.status) { return true }
        if conditions.contains(.retriableHeaders), response.hasRetriableHeader { return true }
        let named: RetryPolicy.Condition? =
            switch response.grpcStatus {
            case GRPCStatus.cancelled: .grpcCancelled
            case GRPCStatus.deadlineExceeded: .grpcDeadlineExceeded
            case GRPCStatus.internal: .grpcInternal
            case GRPCStatus.resourceExhausted: .grpcResourceExhausted
            case GRPCStatus.unavailable: .grpcUnavailable
            default: nil
            }
        return named.map(conditions.contains) ?? false
    }

    private static func isRetriable(
        _ reset: RequestFailure.Reset,
        requestSent: Bool,
        _ conditions: CompiledRetry
    ) -> Bool {
        if reset == .overflow { return false }
        if conditions.contains(.reset) || conditions.contains(.serverError) || conditions.contains(.gatewayError) { return true }
        if conditions.contains(.resetBeforeRequest), !requestSent { return true }
        switch reset {
        case .remoteRefusedStream: return conditions.contains(.refusedStream)
        case .connectionFailure, .connectionTimeout: return conditions.contains(.connectFailure)
        case .connectionTermination, .remoteReset, .localReset, .protocolError, .overflow: return false
        }
    }
}
