// SPDX-License-Identifier: Apache-2.0
import HTTP1
import Observability
import ProxyModel
import Testing

@testable import ProxyCore

@Suite struct RetryPlannerTests {
    typealias Condition = RetryPolicy.Condition

    private func isRetried(_ outcome: TryOutcome, on conditions: Set<Condition>, statusCodes: Set<UInt16> = []) -> Bool {
        var planner = RetryPlanner(try? CompiledRetry(RetryPolicy(conditions: conditions, retries: 1, statusCodes: statusCodes)))
        if case .retry = planner.decide(after: outcome, random: 0, takeSlot: { true }) { return true }
        return false
    }

    private func response(_ status: UInt16, grpc: UInt32? = nil, limited: Bool = false, header: Bool = false) -> TryOutcome {
        .response(.init(status: status, grpcStatus: grpc, isRateLimited: limited, hasRetriableHeader: header))
    }

    @Test func `only requests with one of the headers are repeated`() throws {
        var policy = RetryPolicy(conditions: [.serverError])
        #expect(try CompiledRetry(policy).takes(RequestHead(authority: "a"), isSecure: false))
        policy.retriableRequests = [
            HeaderMatch(name: "x-safe", condition: .present(true)),
            HeaderMatch(name: ":method", condition: .text(.exact("PUT", ignoringCase: false))),
        ]
        let retry = try CompiledRetry(policy)
        #expect(!retry.takes(RequestHead(authority: "a"), isSecure: false))
        #expect(retry.takes(RequestHead(authority: "a", headers: [("x-safe", "1")]), isSecure: false))
        #expect(retry.takes(RequestHead(method: .put, authority: "a"), isSecure: false))
    }

    @Test(
        arguments: [
            (Condition.serverError, [500, 502, 503, 504, 599], [200, 404, 409, 429]),
            (.gatewayError, [502, 503, 504], [500, 501, 505, 200]),
            (.retriable4xx, [409], [400, 404, 429, 500]),
            (.connectFailure, [], [500, 503]),
            (.reset, [], [500, 503]),
        ] as [(Condition, [UInt16], [UInt16])])
    func `statuses that a condition names`(condition: Condition, yes: [UInt16], no: [UInt16]) {
        for status in yes { #expect(self.isRetried(self.response(status), on: [condition]), "\(status)") }
        for status in no { #expect(!self.isRetried(self.response(status), on: [condition]), "\(status)") }
    }

    @Test func `listed status codes count only with their token`() {
        #expect(self.isRetried(self.response(418), on: [.retriableStatusCodes], statusCodes: [418]))
        #expect(!self.isRetried(self.response(418), on: [.serverError], statusCodes: [418]))
        #expect(!self.isRetried(self.response(503), on: [.retriableStatusCodes]))
    }

    @Test func `gRPC conditions look at the gRPC status, and 5xx does not`() {
        #expect(self.isRetried(self.response(200, grpc: 14), on: [.grpcUnavailable]))
        #expect(self.isRetried(self.response(200, grpc: 1), on: [.grpcCancelled]))
        #expect(self.isRetried(self.response(200, grpc: 8), on: [.grpcResourceExhausted]))
        #expect(!self.isRetried(self.response(200, grpc: 14), on: [.serverError]))
        #expect(!self.isRetried(self.response(200, grpc: 14), on: [.grpcInternal, .grpcDeadlineExceeded]))
    }

    @Test func `a rate limited answer is retried only where that is named`() {
        #expect(!self.isRetried(self.response(503, limited: true), on: [.serverError]))
        #expect(self.isRetried(self.response(429, limited: true), on: [.envoyRateLimited]))
        #expect(self.isRetried(self.response(200, header: true), on: [.retriableHeaders]))
    }

    @Test func `resets by condition`() {
        let failure = TryOutcome.reset(.connectionFailure(""), requestSent: false)
        let closed = TryOutcome.reset(.connectionTermination, requestSent: true)
        #expect(self.isRetried(failure, on: [.connectFailure]))
        #expect(!self.isRetried(closed, on: [.connectFailure, .refusedStream]))
        #expect(self.isRetried(closed, on: [.reset]))
        #expect(self.isRetried(closed, on: [.serverError]))
        #expect(self.isRetried(.reset(.connectionTermination, requestSent: false), on: [.resetBeforeRequest]))
        #expect(!self.isRetried(closed, on: [.resetBeforeRequest]))
        #expect(self.isRetried(.reset(.remoteRefusedStream, requestSent: true), on: [.refusedStream]))
        #expect(self.isRetried(.perTryTimeout, on: [.gatewayError]))
        #expect(!self.isRetried(.perTryTimeout, on: [.connectFailure]))
        #expect(!self.isRetried(.reset(.overflow, requestSent: false), on: Set(Condition.allCases)))
    }

    @Test func `tries are one more than retries, and then the flag is URX`() {
        var planner = RetryPlanner(try? CompiledRetry(RetryPolicy(conditions: [.serverError], retries: 2)))
        for _ in 0..<2 {
            guard case .retry = planner.decide(after: self.response(503), random: 1, takeSlot: { true }) else {
                Issue.record("not retried")
                return
            }
        }
        #expect(planner.attempts == 3)
        let last = planner.decide(after: self.response(503), random: 1, takeSlot: { true })
        #expect(last == .limitReached)
        #expect(last.flag == .upstreamRetryLimitExceeded)
    }

    @Test func `a spent budget stops a retry with UO`() {
        var planner = RetryPlanner(try? CompiledRetry(RetryPolicy(conditions: [.serverError], retries: 2)))
        let decision = planner.decide(after: self.response(503), random: 1, takeSlot: { false })
        #expect(decision.flag == .upstreamOverflow)
    }

    @Test func `without a policy nothing is retried`() {
        var planner = RetryPlanner(nil)
        #expect(!planner.mayRetry)
        let decision = planner.decide(after: self.response(503), random: 1, takeSlot: { true })
        #expect(decision == .notRetriable)
    }

    @Test func `back-off grows as 1, 3, 7 times the base up to ten`() {
        var backoff = Backoff(base: .milliseconds(25), maximum: .milliseconds(250))
        for bound in [25, 75, 175, 250, 250] {
            let random = UInt64(bound) * 1_000_000 - 1
            let wait = backoff.next(random: random)
            #expect(wait == .nanoseconds(Int64(random)))
        }
    }

    @Test func `a budget replaces the fixed limit`() {
        #expect(RetryBudget.limit(CircuitLimits(maxRetries: 7), active: 1000, pending: 0) == 7)
        let limits = CircuitLimits(retryBudget: .init(percent: 20, minimumConcurrency: 3))
        #expect(RetryBudget.limit(limits, active: 0, pending: 0) == 3)
        #expect(RetryBudget.limit(limits, active: 90, pending: 10) == 20)
    }
}
