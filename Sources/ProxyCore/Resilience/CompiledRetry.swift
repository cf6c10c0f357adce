// SPDX-License-Identifier: Apache-2.0
package import HTTP1
package import ProxyModel

/// A retry policy, ready to be asked: conditions as bits, back-off as numbers.
package final class CompiledRetry: Sendable {
    package let policy: RetryPolicy
    package let avoidsPreviousHosts: Bool
    package let hostSelectionAttempts: Int
    private let conditions: UInt32
    /// One of the headers that make an answer worth another try is there.
    private let retriableHeaders: MatchProgram
    /// nil: every request may be repeated.
    private let retriableRequests: MatchProgram?
    let backoff: Backoff

    package init(_ policy: RetryPolicy) throws(RegexError) {
        self.policy = policy
        self.avoidsPreviousHosts = policy.avoidsPreviousHosts
        self.hostSelectionAttempts = policy.hostSelectionAttempts
        self.conditions = policy.conditions.reduce(0) { $0 | Self.bit($1) }
        self.retriableHeaders = try MatchProgram(firstOf: policy.retriableHeaders.map { .condition(.header($0)) })
        self.retriableRequests =
            policy.retriableRequests.isEmpty
            ? nil : try MatchProgram(firstOf: policy.retriableRequests.map { .condition(.header($0)) })
        self.backoff = Backoff(base: policy.baseInterval, maximum: policy.maxInterval ?? policy.baseInterval * 10)
    }

    private static func bit(_ condition: RetryPolicy.Condition) -> UInt32 {
        let position: UInt32 =
            switch condition {
            case .serverError: 0
            case .gatewayError: 1
            case .reset: 2
            case .resetBeforeRequest: 3
            case .connectFailure: 4
            case .envoyRateLimited: 5
            case .retriable4xx: 6
            case .refusedStream: 7
            case .retriableStatusCodes: 8
            case .retriableHeaders: 9
            case .http3ConnectFailure: 10
            case .grpcCancelled: 11
            case .grpcDeadlineExceeded: 12
            case .grpcInternal: 13
            case .grpcResourceExhausted: 14
            case .grpcUnavailable: 15
            }
        return 1 << position
    }

    func contains(_ condition: RetryPolicy.Condition) -> Bool { self.conditions & Self.bit(condition) != 0 }

    package func takes(_ head: RequestHead, isSecure: Bool) -> Bool {
        self.retriableRequests?.matches(head, isSecure: isSecure) ?? true
    }

    /// The answer as far as a retry is concerned.
    package func outcome(of head: ResponseHead) -> TryOutcome.Response {
        TryOutcome.Response(
            status: head.status, grpcStatus: head.headers.first(.grpcStatus)?.decimal.flatMap { UInt32(exactly: $0) },
            isRateLimited: head.headers.contains(.rateLimited),
            hasRetriableHeader: !self.policy.retriableHeaders.isEmpty && self.retriableHeaders.matches(head))
    }
}
