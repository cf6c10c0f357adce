// SPDX-License-Identifier: Apache-2.0
import ProxyModel
import Testing

@testable import ProxyCore

@Suite struct OutlierDetectorTests {
    static let second: UInt64 = 1_000_000_000

    private func endpoints(_ count: Int) -> [Endpoint] {
        (0..<count).map { Endpoint(address: .host("10.0.0.\($0)", port: 80)) }
    }

    private func record(
        _ detector: inout OutlierDetector, _ results: [OutlierResult], host: Int = 0, now: UInt64 = 0
    ) -> Bool {
        var changed = false
        for result in results {
            changed = detector.record(result, for: .host("10.0.0.\(host)", port: 80), now: now, random: 0) || changed
        }
        return changed
    }

    private func errors(_ status: UInt16, _ count: Int) -> [OutlierResult] {
        Array(repeating: .response(status: status, grpcStatus: nil), count: count)
    }

    @Test func `five server errors in a row eject, four and a success do not`() {
        var detector = OutlierDetector(OutlierPolicy(maxEjectionPercent: 100), endpoints: self.endpoints(2))
        let changed6 = self.record(&detector, self.errors(500, 4) + self.errors(200, 1) + self.errors(500, 4))
        #expect(!changed6)
        let changed7 = self.record(&detector, self.errors(500, 1))
        #expect(changed7)
        #expect(detector.ejected == [.host("10.0.0.0", port: 80)])
    }

    @Test func `an ejection lasts longer by a part of the jitter`() {
        var policy = OutlierPolicy(consecutive5xx: 1, baseEjectionTime: .seconds(10), maxEjectionPercent: 100)
        policy.maxEjectionTimeJitter = .seconds(5)
        var detector = OutlierDetector(policy, endpoints: self.endpoints(2))
        let random = 3 * Self.second * 100
        let ejects = detector.record(
            .response(status: 500, grpcStatus: nil), for: .host("10.0.0.0", port: 80), now: 0, random: random)
        #expect(ejects)
        let early = detector.sweep(now: 13 * Self.second - 1)
        #expect(!early)
        let late = detector.sweep(now: 13 * Self.second)
        #expect(late)
    }

    @Test func `gateway failures have their own line`() {
        let policy = OutlierPolicy(
            consecutive5xx: 0, consecutiveGatewayFailures: 2, enforcingConsecutiveGatewayFailures: 100, maxEjectionPercent: 100)
        var detector = OutlierDetector(policy, endpoints: self.endpoints(2))
        let changed8 = self.record(&detector, self.errors(500, 9))
        #expect(!changed8)
        let changed9 = self.record(&detector, self.errors(503, 1) + self.errors(500, 1) + self.errors(503, 1))
        #expect(!changed9)
        let changed10 = self.record(&detector, self.errors(502, 1))
        #expect(changed10)
    }

    @Test func `connect failures count as 503, or apart where split`() {
        var joined = OutlierDetector(OutlierPolicy(maxEjectionPercent: 100), endpoints: self.endpoints(2))
        let changed11 = self.record(&joined, Array(repeating: .connectFailed, count: 5))
        #expect(changed11)
        let policy = OutlierPolicy(consecutiveLocalOriginFailures: 3, maxEjectionPercent: 100, splitsLocalOriginErrors: true)
        var split = OutlierDetector(policy, endpoints: self.endpoints(2))
        let changed12 = self.record(&split, self.errors(500, 4) + [.timeout, .reset])
        #expect(!changed12)
        let changed13 = self.record(&split, [.connectFailed])
        #expect(changed13)
    }

    @Test func `a gRPC status counts as the HTTP status it stands for`() {
        var detector = OutlierDetector(OutlierPolicy(maxEjectionPercent: 100), endpoints: self.endpoints(2))
        let changed14 = self.record(&detector, Array(repeating: .response(status: 200, grpcStatus: 5), count: 9))
        #expect(!changed14)
        let changed15 = self.record(&detector, Array(repeating: .response(status: 200, grpcStatus: 14), count: 5))
        #expect(changed15)
    }

    @Test func `no more are ejected than the percentage allows`() {
        var half = OutlierDetector(OutlierPolicy(maxEjectionPercent: 50), endpoints: self.endpoints(2))
        let changed16 = self.record(&half, self.errors(500, 5), host: 0)
        #expect(changed16)
        let changed17 = self.record(&half, self.errors(500, 5), host: 1)
        #expect(!changed17)
        var tenth = OutlierDetector(OutlierPolicy(), endpoints: self.endpoints(2))
        let changed18 = self.record(&tenth, self.errors(500, 5))
        #expect(!changed18)
        var one = OutlierDetector(OutlierPolicy(alwaysEjectsOneHost: true), endpoints: self.endpoints(2))
        let changed19 = self.record(&one, self.errors(500, 5))
        #expect(changed19)
    }

    /// Found by the demo: a subset's only endpoint was ejected, so that a slow service answered 503 instead of 504.
    @Test func `a lone endpoint is not ejected beyond the share`() {
        for (percent, always, isEjected) in [(50, false, false), (99, false, false), (100, false, true), (10, true, true)] {
            var detector = OutlierDetector(
                OutlierPolicy(maxEjectionPercent: percent, alwaysEjectsOneHost: always), endpoints: self.endpoints(1))
            let changed = self.record(&detector, self.errors(503, 20))
            #expect(changed == isEjected)
        }
    }

    private func tallies(_ succeeded: [UInt64], of total: UInt64 = 100) -> [ProxySocketAddress: OutlierTally] {
        var tallies: [ProxySocketAddress: OutlierTally] = [:]
        for (host, count) in succeeded.enumerated() {
            tallies[.host("10.0.0.\(host)", port: 80)] = OutlierTally(external: .init(total: total, succeeded: count))
        }
        return tallies
    }

    /// Envoy's arithmetic: five times 100 % and once 0 %: mean 83.3, deviation 37.3, line 12.5.
    @Test(
        arguments: [
            ([100, 100, 100, 100, 100, 0], 100, [5]),
            ([100, 100, 100, 100, 100, 100], 100, []),
            ([90, 92, 94, 96, 98, 80], 100, [5]),
            ([90, 92, 94, 96, 98, 88], 100, []),
            ([100, 100, 100, 0], 100, []),
            ([99, 99, 99, 99, 99, 0], 99, []),
        ] as [([UInt64], UInt64, [Int])])
    func `a success rate far below the mean ejects`(succeeded: [UInt64], total: UInt64, expected: [Int]) {
        var random = RandomSource(seed: 1)
        var detector = OutlierDetector(OutlierPolicy(maxEjectionPercent: 100), endpoints: self.endpoints(succeeded.count))
        let changed = detector.judgeRates(self.tallies(succeeded, of: total), now: 0, random: &random)
        #expect(changed == !expected.isEmpty)
        #expect(detector.ejected == Set(expected.map { .host("10.0.0.\($0)", port: 80) }))
    }

    @Test func `a failure percentage over the threshold ejects, whatever the others do`() {
        var random = RandomSource(seed: 1)
        var policy = OutlierPolicy(maxEjectionPercent: 50)
        policy.successRate.enforcing = 0
        policy.failurePercentage = .init(threshold: 60, minimumHosts: 3, requestVolume: 50, enforcing: 100)
        var detector = OutlierDetector(policy, endpoints: self.endpoints(4))
        let first = detector.judgeRates(self.tallies([40, 41, 0, 0]), now: 0, random: &random)
        #expect(first)
        // Three are bad, half may go.
        #expect(detector.ejected == [.host("10.0.0.0", port: 80), .host("10.0.0.2", port: 80)])
        policy.failurePercentage.enforcing = 0
        #expect(!policy.judgesRates)
    }

    @Test func `local errors have rates of their own where they are split off`() {
        var random = RandomSource(seed: 1)
        var policy = OutlierPolicy(maxEjectionPercent: 100, splitsLocalOriginErrors: true)
        policy.failurePercentage = .init(threshold: 50, minimumHosts: 1, requestVolume: 1, enforcingLocalOrigin: 100)
        var detector = OutlierDetector(policy, endpoints: self.endpoints(2))
        let address = ProxySocketAddress.host("10.0.0.0", port: 80)
        let external = detector.judgeRates([address: OutlierTally(external: .init(total: 10))], now: 0, random: &random)
        #expect(!external)
        let local = detector.judgeRates([address: OutlierTally(local: .init(total: 10))], now: 0, random: &random)
        #expect(local)
        #expect(detector.ejectionsTotal == 1)
    }

    @Test func `an endpoint returns after base time times its ejections`() {
        let policy = OutlierPolicy(baseEjectionTime: .seconds(30), maxEjectionTime: .seconds(70), maxEjectionPercent: 100)
        var detector = OutlierDetector(policy, endpoints: self.endpoints(2))
        var now: UInt64 = 0
        for time in [30, 60, 70, 70] as [UInt64] {
            let changed20 = self.record(&detector, self.errors(500, 5), now: now)
            #expect(changed20)
            let swept1 = detector.sweep(now: now + (time - 1) * Self.second)
            #expect(!swept1)
            let swept2 = detector.sweep(now: now + time * Self.second)
            #expect(swept2)
            #expect(detector.ejected.isEmpty)
            now += time * Self.second
        }
    }

    @Test func `each quiet interval takes one ejection off the factor`() {
        var detector = OutlierDetector(OutlierPolicy(maxEjectionPercent: 100), endpoints: self.endpoints(1))
        let changed21 = self.record(&detector, self.errors(500, 5))
        #expect(changed21)
        let swept3 = detector.sweep(now: 30 * Self.second)
        #expect(swept3)
        let swept4 = detector.sweep(now: 40 * Self.second)
        #expect(!swept4)
        let changed22 = self.record(&detector, self.errors(500, 5), now: 50 * Self.second)
        #expect(changed22)
        let swept5 = detector.sweep(now: 80 * Self.second)
        #expect(swept5)
    }

    @Test func `endpoints that stay keep their ejection, those that leave take it along`() {
        var detector = OutlierDetector(OutlierPolicy(maxEjectionPercent: 100), endpoints: self.endpoints(2))
        let changed23 = self.record(&detector, self.errors(500, 5))
        #expect(changed23)
        detector.update(OutlierPolicy(), endpoints: self.endpoints(3))
        #expect(detector.ejected.count == 1)
        detector.update(OutlierPolicy(), endpoints: Array(self.endpoints(3).dropFirst()))
        #expect(detector.ejected.isEmpty)
    }

    @Test func `enforcement is a share of the findings`() {
        let policy = OutlierPolicy(enforcingConsecutive5xx: 30, maxEjectionPercent: 100)
        var detector = OutlierDetector(policy, endpoints: self.endpoints(1))
        var random = RandomSource(seed: 7)
        var ejections = 0
        for _ in 0..<2000 {
            for _ in 0..<5 {
                let failed = OutlierResult.response(status: 500, grpcStatus: nil)
                if detector.record(failed, for: .host("10.0.0.0", port: 80), now: 0, random: random.next()) {
                    ejections += 1
                    _ = detector.sweep(now: .max)
                }
            }
        }
        #expect((540...660).contains(ejections))
    }
}
