// SPDX-License-Identifier: Apache-2.0
import HTTP1
import NIOCore
import ProxyCore
import ProxyModel

/// Whether an attempt that ended so is tried again under a route's policy.
enum RetryDecider {
    static func retries(status head: ResponseHead, policy: RetryPolicy, headers: [HeaderMatcher]) -> Bool {
        let conditions = policy.conditions
        let status = head.status
        if status >= 500, conditions.contains(.serverError) { return true }
        if (502...504).contains(status), conditions.contains(.gatewayError) { return true }
        if status == 409, conditions.contains(.retriable4xx) { return true }
        if policy.statusCodes.contains(status), conditions.contains(.retriableStatusCodes) { return true }
        if conditions.contains(.retriableHeaders), headers.contains(where: { $0.matches(head) }) { return true }
        guard let grpc = head.headers.first(.grpcStatus)?.decimal else { return false }
        return switch grpc {
        case 1: conditions.contains(.grpcCancelled)
        case 4: conditions.contains(.grpcDeadlineExceeded)
        case 8: conditions.contains(.grpcResourceExhausted)
        case 13: conditions.contains(.grpcInternal)
        case 14: conditions.contains(.grpcUnavailable)
        default: false
        }
    }

    /// - Parameter requestSent: Whether the upstream may have seen any of the request.
    static func retries(failure: UpstreamFailure, policy: RetryPolicy, requestSent: Bool) -> Bool {
        let conditions = policy.conditions
        if case .overflow = failure { return false }
        if conditions.contains(.serverError) || conditions.contains(.reset) || conditions.contains(.gatewayError) { return true }
        if failure.isBeforeRequest { return conditions.contains(.connectFailure) || conditions.contains(.resetBeforeRequest) }
        return !requestSent && conditions.contains(.resetBeforeRequest)
    }

    static func retriesTimeout(policy: RetryPolicy) -> Bool {
        policy.conditions.contains(.serverError) || policy.conditions.contains(.gatewayError)
    }

    /// Full jitter over a doubling interval: `attempt` counts from 1.
    static func backOff(attempt: Int, policy: RetryPolicy) -> TimeAmount {
        let base = max(TimeAmount(policy.baseInterval).nanoseconds, 1_000_000)
        let ceiling = max(
            policy.maxInterval.map { TimeAmount($0).nanoseconds } ?? base.multipliedReportingOverflow(by: 10).partialValue, base)
        let doubled = base.multipliedReportingOverflow(by: 1 << Int64(min(attempt, 20)))
        let window = min(doubled.overflow ? ceiling : doubled.partialValue - base, ceiling)
        return .nanoseconds(Int64.random(in: 0...max(window, 1)))
    }
}
