// SPDX-License-Identifier: Apache-2.0
import HTTP1
import Observability
import ProxyCore
import ProxyModel
import Testing

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

    @Test func `counted and enforced are two shares`() throws {
        var own: RateBuckets?
        func decide(_ limit: LocalRateLimit) throws -> [LocalRateLimitDecision] {
            let limiter = try LocalRateLimiter(limit)
            return (0..<3).map { _ in limiter.decide(now: 1, own: &own) { 0 } }
        }
        var limit = LocalRateLimit(statPrefix: "x", bucket: Self.bucket)
        #expect(try decide(limit) == [.pass, .pass, .pass])
        limit.enabled = .all
        #expect(try decide(limit) == [.allowed(), .allowed(), .letThrough()])
        limit.enforced = .all
        #expect(try decide(limit) == [.allowed(), .allowed(), .refuse()])
        limit.bucket = nil
        #expect(try decide(limit) == [.allowed(), .allowed(), .allowed()])
        #expect(own == nil)
    }

    @Test func `each connection has its bucket where that is asked for`() throws {
        let stats = StatRegistry()
        let limiter = try LocalRateLimiter(
            LocalRateLimit(
                statPrefix: "x", bucket: .init(capacity: 1, tokensPerFill: 1, fillInterval: .seconds(60)), enabled: .all,
                enforced: .all, isPerConnection: true, tellsLimits: true), stats: stats)
        var (first, second): (RateBuckets?, RateBuckets?) = (nil, nil)
        #expect(limiter.decide(now: 1, own: &first) { 0 } == .allowed())
        #expect(limiter.decide(now: 1, own: &second) { 0 } == .allowed())
        #expect(limiter.decide(now: 1, own: &first) { 0 } == .refuse())
        let told = limiter.told(now: 1, by: nil, own: &first)
        #expect(told?.limit == 1 && told?.remaining == 0 && told?.reset == 60)
        let counted = withExtendedLifetime(limiter) { stats.samples() }
        #expect(
            counted.map { "\($0.name.text) \($0.value)" }.joined(separator: "\n")
                .replacing("x.http_local_rate_limit.", with: "") == "enabled 3\nenforced 1\nok 2\nrate_limited 1\nshadow_mode 0")
    }

    private static func bucket(_ capacity: UInt32, perSecond: UInt32 = 1) -> LocalRateLimit.Bucket {
        LocalRateLimit.Bucket(capacity: capacity, tokensPerFill: perSecond, fillInterval: .seconds(1))
    }

    private static func name(_ value: String) -> RateLimitDescriptor { RateLimitDescriptor([.init(key: "k", value: value)]) }

    @Test(arguments: [true, false]) func `who has a name has a bucket of its own`(_ takesCommon: Bool) throws {
        let (one, two) = (Self.name("1"), Self.name("2"))
        let limiter = try LocalRateLimiter(
            LocalRateLimit(
                statPrefix: "x", bucket: Self.bucket(4), enabled: .all, enforced: .all, tellsLimits: true,
                descriptors: [one: Self.bucket(2, perSecond: 5), two: Self.bucket(1)], alwaysTakesFromBucket: takesCommon))
        var own: RateBuckets?
        func decide(_ names: [RateLimitDescriptor]) -> LocalRateLimitDecision { limiter.decide(now: 1, names, own: &own) { 0 } }
        #expect(decide([one]) == .allowed(by: one))
        #expect(decide([Self.name("3")]) == .allowed())
        // The slower one speaks.
        #expect(decide([one, two]) == .allowed(by: two))
        #expect(decide([one, two]) == .refuse(by: two))
        #expect(decide([one]) == .refuse(by: one))
        #expect(limiter.told(now: 1, by: one, own: &own)?.limit == 2)
        // Three or one have been taken from the bucket of all.
        #expect(limiter.told(now: 1, by: nil, own: &own)?.remaining == (takesCommon ? 1 : 3))
        #expect(decide([]) == .allowed())
        #expect(decide([]) == (takesCommon ? .refuse() : .allowed()))
    }

    @Test func `rules name requests, as a whole or not at all`() throws {
        let head = RequestHead(
            target: "/p?q=1", authority: "a", headers: [("x-user", "u"), ("x-user", "v"), ("x-empty", "")])
        let facts = RateLimitFacts(head: head, isSecure: false, source: "me", destination: "c", client: "10.1.2.3")
        func names(_ actions: [RateLimitRule.Action], stage: UInt32 = 0) throws -> [[String]] {
            try CompiledRateLimitRules([RateLimitRule(actions: actions)]).descriptors(facts, stage: stage)
                .map { $0.entries.map { "\($0.key)=\($0.value)" } }
        }
        let present = HeaderMatch(name: "x-user", condition: .present(true))
        #expect(try names([.sourceCluster, .destinationCluster]) == [["source_cluster=me", "destination_cluster=c"]])
        #expect(
            try names([.clientAddress, .clientNetwork(v4: 16, v6: 64)]) == [
                ["remote_address=10.1.2.3", "masked_remote_address=10.1.0.0/16"]
            ])
        #expect(try names([.header(name: "x-user", key: "user", isOptional: false)]) == [["user=u,v"]])
        #expect(try names([.header(name: ":path", key: "path", isOptional: false)]) == [["path=/p?q=1"]])
        #expect(try names([.constant(key: "a", value: "b"), .header(name: "x-no", key: "no", isOptional: false)]) == [])
        #expect(try names([.constant(key: "a", value: "b"), .header(name: "x-no", key: "no", isOptional: true)]) == [["a=b"]])
        #expect(try names([.headers(key: "h", value: "yes", expects: true, [present])]) == [["h=yes"]])
        #expect(try names([.headers(key: "h", value: "yes", expects: false, [present])]) == [])
        let query = QueryParameterMatch(name: "q", condition: .present)
        #expect(try names([.query(key: "h", value: "yes", expects: true, [query])]) == [["h=yes"]])
        #expect(try names([.sourceCluster], stage: 1) == [])
    }
}
