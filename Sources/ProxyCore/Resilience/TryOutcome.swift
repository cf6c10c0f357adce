// SPDX-License-Identifier: Apache-2.0

/// How one try ended, as far as a retry is concerned.
package enum TryOutcome: Sendable, Hashable {
    package struct Response: Sendable, Hashable {
        package var status: UInt16
        /// Of a response that is nothing but its head.
        package var grpcStatus: UInt32?
        /// `x-envoy-ratelimited` is there.
        package var isRateLimited: Bool
        /// One of the policy's `retriableHeaders` matches.
        package var hasRetriableHeader: Bool

        package init(status: UInt16, grpcStatus: UInt32? = nil, isRateLimited: Bool = false, hasRetriableHeader: Bool = false) {
            self.status = status
            self.grpcStatus = grpcStatus
            self.isRateLimited = isRateLimited
            self.hasRetriableHeader = hasRetriableHeader
        }
    }

    case response(Response)
    /// `requestSent`: the upstream may have seen some of the request.
    case reset(RequestFailure.Reset, requestSent: Bool)
    case perTryTimeout
}
