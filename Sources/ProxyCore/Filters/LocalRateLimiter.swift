// SPDX-License-Identifier: Apache-2.0
package import Observability
package import ProxyModel
import Synchronization

/// A rate limit with its buckets, which all event loops share, and its counters.
package final class LocalRateLimiter: Sendable {
    package let limit: LocalRateLimit
    /// For requests beyond the limit that are let through.
    package let requestHeaders: HeaderEditor?
    /// For answers that refuse.
    package let responseHeaders: HeaderEditor?
    /// How requests are called; empty: as their routes say.
    private let rules: CompiledRateLimitRules
    private let stats: LocalRateLimitStats
    private let buckets: Mutex<RateBuckets>

    package init(_ limit: LocalRateLimit, stats: StatRegistry = StatRegistry()) throws(RegexError) {
        self.limit = limit
        self.rules = try CompiledRateLimitRules(limit.rules)
        self.stats = LocalRateLimitStats(.localRateLimit(limit.statPrefix, in: stats))
        self.requestHeaders = limit.requestHeaders.isEmpty ? nil : HeaderEditor(limit.requestHeaders)
        self.responseHeaders = limit.responseHeaders.isEmpty ? nil : HeaderEditor(limit.responseHeaders)
        self.buckets = Mutex(RateBuckets(limit))
    }

    /// Whether it matters how a request is called.
    package var asksNames: Bool { !self.limit.descriptors.isEmpty }

    package func descriptors(_ facts: RateLimitFacts, route: RouteRateLimits?) -> [RateLimitDescriptor] {
        guard self.rules.isEmpty else { return self.rules.descriptors(facts, stage: 0) }
        return route?.descriptors(facts, for: self.limit) ?? []
    }

    /// - Parameters:
    ///   - descriptors: What the request is called.
    ///   - own: The connection's buckets, used where each connection has its own; made at their first use.
    ///   - random: Uniform; asked only where a share of the requests is meant.
    package func decide(
        now: UInt64, _ descriptors: [RateLimitDescriptor] = [], own: inout RateBuckets?, random: () -> UInt64
    ) -> LocalRateLimitDecision {
        guard Self.holds(self.limit.enabled, random) else { return .pass }
        self.stats.enabled.add()
        let (isAllowed, speaker) = self.take(now, descriptors, &own)
        guard isAllowed else {
            self.stats.limited.add()
            guard Self.holds(self.limit.enforced, random) else { return .letThrough(by: speaker) }
            self.stats.enforced.add()
            return .refuse(by: speaker)
        }
        self.stats.allowed.add()
        return .allowed(by: speaker)
    }

    private func take(
        _ now: UInt64, _ descriptors: [RateLimitDescriptor], _ own: inout RateBuckets?
    ) -> (isAllowed: Bool, speaker: RateLimitDescriptor?) {
        guard self.limit.isPerConnection else { return self.buckets.withLock { $0.take(now: now, descriptors) } }
        if own == nil { own = RateBuckets(self.limit, of: self) }
        return own?.take(now: now, descriptors) ?? (true, nil)
    }

    /// `x-ratelimit-limit`, `-remaining`, `-reset`; nil where answers do not tell.
    /// - Parameter speaker: Whose bucket spoke for the request.
    package func told(
        now: UInt64, by speaker: RateLimitDescriptor?, own: inout RateBuckets?
    ) -> (limit: UInt64, remaining: UInt64, reset: UInt64)? {
        let settings = speaker.map { self.limit.descriptors[$0] } ?? self.limit.bucket
        guard self.limit.tellsLimits, let settings,
            let told = self.limit.isPerConnection
                ? own?.told(now: now, speaker) : self.buckets.withLock({ $0.told(now: now, speaker) })
        else { return nil }
        return (UInt64(settings.capacity), told.remaining, told.reset)
    }

    private static func holds(_ fraction: Fraction, _ random: () -> UInt64) -> Bool {
        if fraction.numerator == 0 { return false }
        return fraction.numerator >= fraction.denominator || fraction.includes(random())
    }
}

/// With the name whose bucket spoke for the request; nil: the one that all share.
package enum LocalRateLimitDecision: Sendable, Hashable {
    /// Not counted.
    case pass
    case allowed(by: RateLimitDescriptor? = nil)
    /// Beyond the limit, which is not enforced.
    case letThrough(by: RateLimitDescriptor? = nil)
    case refuse(by: RateLimitDescriptor? = nil)
}
