// SPDX-License-Identifier: Apache-2.0

/// When, how often and where a failed try is repeated.
package struct RetryPolicy: Sendable, Hashable {
    /// Envoy's `retry_on` tokens.
    package enum Condition: String, Sendable, Hashable, CaseIterable {
        case serverError = "5xx"
        case gatewayError = "gateway-error"
        case reset
        case resetBeforeRequest = "reset-before-request"
        case connectFailure = "connect-failure"
        case envoyRateLimited = "envoy-ratelimited"
        case retriable4xx = "retriable-4xx"
        case refusedStream = "refused-stream"
        case retriableStatusCodes = "retriable-status-codes"
        case retriableHeaders = "retriable-headers"
        case http3ConnectFailure = "http3-post-connect-failure"
        case grpcCancelled = "cancelled"
        case grpcDeadlineExceeded = "deadline-exceeded"
        case grpcInternal = "internal"
        case grpcResourceExhausted = "resource-exhausted"
        case grpcUnavailable = "unavailable"
    }

    package var conditions: Set<Condition>
    /// Tries after the first.
    package var retries: Int
    package var perTryTimeout: Duration?
    package var perTryIdleTimeout: Duration?
    package var statusCodes: Set<UInt16>
    package var retriableHeaders: [HeaderMatch]
    /// Only a request with one of them is repeated; empty: all are.
    package var retriableRequests: [HeaderMatch] = []
    /// Avoids endpoints that were tried, choosing again at most this often.
    package var avoidsPreviousHosts: Bool
    package var hostSelectionAttempts: Int
    package var baseInterval: Duration
    /// Nil: ten times the base.
    package var maxInterval: Duration?

    package init(
        conditions: Set<Condition>, retries: Int = 1, perTryTimeout: Duration? = nil, perTryIdleTimeout: Duration? = nil,
        statusCodes: Set<UInt16> = [], retriableHeaders: [HeaderMatch] = [], avoidsPreviousHosts: Bool = false,
        hostSelectionAttempts: Int = 1,
        baseInterval: Duration = .milliseconds(25), maxInterval: Duration? = nil
    ) {
        self.conditions = conditions
        self.retries = retries
        self.perTryTimeout = perTryTimeout
        self.perTryIdleTimeout = perTryIdleTimeout
        self.statusCodes = statusCodes
        self.retriableHeaders = retriableHeaders
        self.avoidsPreviousHosts = avoidsPreviousHosts
        self.hostSelectionAttempts = hostSelectionAttempts
        self.baseInterval = baseInterval
        self.maxInterval = maxInterval
    }
}
