// SPDX-License-Identifier: Apache-2.0
import ProxyModel
import Testing

@testable import ProxyCore

@Suite struct FaultDecisionTests {
    @Test func `delay and abort are drawn apart, each by its share`() {
        let policy = FaultPolicy(
            delay: .init(duration: .seconds(5), fraction: Fraction(numerator: 10, denominator: 100)),
            abort: .init(status: .http(503), fraction: Fraction(numerator: 1000, denominator: 1_000_000)))
        var random = RandomSource(seed: 11)
        var delays = 0
        var aborts = 0
        for _ in 0..<100_000 {
            let decision = FaultDecision(policy, delayRandom: random.next(), abortRandom: random.next())
            if decision.delay != nil { delays += 1 }
            if decision.abort == .http(503) { aborts += 1 }
        }
        #expect((9600...10_400).contains(delays))
        #expect((70...130).contains(aborts))
    }
}
