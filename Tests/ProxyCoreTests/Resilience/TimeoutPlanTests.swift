// SPDX-License-Identifier: Apache-2.0
import HTTP1
import NIOCore
import ProxyModel
import Testing

@testable import ProxyCore

@Suite struct TimeoutPlanTests {
    private func plan(
        timeout: Duration? = nil, perTry: Duration? = nil, grpcCap: Duration? = nil, headers: [(String, String)] = []
    ) -> TimeoutPlan {
        let action = ForwardAction(
            clusters: .single("a"), timeout: timeout, maxGRPCTimeout: grpcCap,
            retry: RetryPolicy(conditions: [], perTryTimeout: perTry))
        return TimeoutPlan(RouteTimes(action), head: RequestHead(authority: "a", headers: headers), streamIdle: nil)
    }

    @Test func `no route timeout means fifteen seconds, zero means none`() {
        #expect(self.plan().overall == .seconds(15))
        #expect(self.plan(timeout: .zero).overall == nil)
        #expect(self.plan(timeout: .seconds(2)).overall == .seconds(2))
    }

    @Test func `a try's timeout counts only below the route's`() {
        #expect(self.plan(timeout: .seconds(2), perTry: .seconds(1)).perTry == .seconds(1))
        #expect(self.plan(timeout: .seconds(2), perTry: .seconds(2)).perTry == nil)
        #expect(self.plan(timeout: .zero, perTry: .seconds(9)).perTry == .seconds(9))
    }

    @Test func `grpc-timeout is the duration of the stream where the route looks at it`() {
        let grpc = [("content-type", "application/grpc"), ("grpc-timeout", "500m")]
        #expect(self.plan(timeout: .zero, grpcCap: .zero, headers: grpc).duration == .milliseconds(500))
        #expect(self.plan(timeout: .zero, grpcCap: .zero, headers: grpc).overall == nil)
        #expect(self.plan(timeout: .zero, grpcCap: .milliseconds(100), headers: grpc).duration == .milliseconds(100))
        #expect(self.plan(timeout: .seconds(1), headers: grpc).duration == nil)
        #expect(self.plan(timeout: .seconds(1), headers: grpc).overall == .seconds(1))
        #expect(self.plan(timeout: .seconds(1), grpcCap: .zero).duration == nil)
    }

    @Test func `a route's duration goes before the connection manager's, and grpc-timeout before both`() {
        let manager = TimeAmount.seconds(9)
        func duration(_ action: ForwardAction, _ headers: [(String, String)] = []) -> TimeAmount? {
            TimeoutPlan(
                RouteTimes(action), head: RequestHead(authority: "a", headers: headers), streamIdle: nil, maxDuration: manager
            ).duration
        }
        #expect(duration(ForwardAction(clusters: .single("a"))) == manager)
        #expect(duration(ForwardAction(clusters: .single("a"), maxDuration: .zero)) == nil)
        #expect(duration(ForwardAction(clusters: .single("a"), maxDuration: .seconds(2))) == .seconds(2))
        let grpc = ForwardAction(clusters: .single("a"), maxDuration: .seconds(2), maxGRPCTimeout: .zero)
        #expect(duration(grpc, [("grpc-timeout", "20S")]) == .seconds(20))
    }

    @Test(arguments: ["1", "S", "123456789S", "1x", "-1S", ""]) func `a malformed grpc-timeout is none`(text: String) {
        #expect(GRPCTimeout.parse(TextSlice(text)) == nil)
    }
}
