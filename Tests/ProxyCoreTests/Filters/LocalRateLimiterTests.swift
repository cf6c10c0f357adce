// SPDX-License-Identifier: Apache-2.0
import ProxyModel
import Synchronization
import Testing

@testable import ProxyCore

@Suite struct LocalRateLimiterTests {
    private static let second: UInt64 = 1_000_000_000
    private static let bucket = LocalRateLimit.Bucket(capacity: 2, tokensPerFill: 1, fillInterval: .seconds(1))

    @Test func `a bucket is full at first and fills evenly`() {
        var bucket = TokenBucket(Self.bucket)
        let start = 5 * Self.second
        let taken = (0..<3).map { _ in bucket.take(now: start) }
        #expect(taken == [true, true, false])
        let next = bucket.secondsToNext(now: start)
        #expect(next == 1)
        let later = [bucket.take(now: start + Self.second / 2), bucket.take(now: start + Self.second)]
        #expect(later == [false, true])
        let full = (bucket.remaining(now: start + 100 * Self.second), bucket.secondsToNext(now: start + 100 * Self.second))
        #expect(full == (2, 0))
    }

    /// The loops' clocks are read before the lock is taken.
    @Test func `a time before the last one fills nothing`() {
        var bucket = TokenBucket(Self.bucket)
        let taken = [10, 10, 9, 10].map { bucket.take(now: $0 * Self.second) }
        #expect(taken == [true, true, false, false])
    }

    @Test func `counted and enforced are two shares`() {
        var own: TokenBucket?
        func decide(_ limit: LocalRateLimit) -> [LocalRateLimitDecision] {
            let limiter = LocalRateLimiter(limit)
            return (0..<3).map { _ in limiter.decide(now: 1, own: &own) { 0 } }
        }
        var limit = LocalRateLimit(statPrefix: "x", bucket: Self.bucket)
        #expect(decide(limit) == [.pass, .pass, .pass])
        limit.enabled = .all
        #expect(decide(limit) == [.allowed, .allowed, .letThrough])
        limit.enforced = .all
        #expect(decide(limit) == [.allowed, .allowed, .refuse])
        limit.bucket = nil
        #expect(decide(limit) == [.allowed, .allowed, .allowed])
        #expect(own == nil)
    }

    @Test func `each connection has its bucket where that is asked for`() {
        let limiter = LocalRateLimiter(
            LocalRateLimit(
                statPrefix: "x", bucket: .init(capacity: 1, tokensPerFill: 1, fillInterval: .seconds(60)), enabled: .all,
                enforced: .all, isPerConnection: true, tellsLimits: true))
        var (first, second): (TokenBucket?, TokenBucket?) = (nil, nil)
        #expect(limiter.decide(now: 1, own: &first) { 0 } == .allowed)
        #expect(limiter.decide(now: 1, own: &second) { 0 } == .allowed)
        #expect(limiter.decide(now: 1, own: &first) { 0 } == .refuse)
        let told = limiter.told(now: 1, own: &first)
        #expect(told?.limit == 1 && told?.remaining == 0 && told?.reset == 60)
        #expect(limiter.counts.enabled.load(ordering: .relaxed) == 3)
        #expect(limiter.counts.allowed.load(ordering: .relaxed) == 2)
        #expect(limiter.counts.limited.load(ordering: .relaxed) == 1)
        #expect(limiter.counts.enforced.load(ordering: .relaxed) == 1)
    }
}
