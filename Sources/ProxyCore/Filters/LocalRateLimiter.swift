// SPDX-License-Identifier: Apache-2.0
package import ProxyModel
package import Synchronization

/// A rate limit with its bucket, which all event loops share, and its counters.
package final class LocalRateLimiter: Sendable {
    package let limit: LocalRateLimit
    /// For requests beyond the limit that are let through.
    package let requestHeaders: HeaderEditor?
    /// For answers that refuse.
    package let responseHeaders: HeaderEditor?
    package let counts = LocalRateLimitCounts()
    private let bucket: Mutex<TokenBucket?>

    package init(_ limit: LocalRateLimit) {
        self.limit = limit
        self.requestHeaders = limit.requestHeaders.isEmpty ? nil : HeaderEditor(limit.requestHeaders)
        self.responseHeaders = limit.responseHeaders.isEmpty ? nil : HeaderEditor(limit.responseHeaders)
        self.bucket = Mutex(limit.bucket.map { TokenBucket($0) })
    }

    /// - Parameters:
    ///   - own: The connection's bucket, used where each connection has one; made at its first use.
    ///   - random: Uniform; asked only where a share of the requests is meant.
    package func decide(now: UInt64, own: inout TokenBucket?, random: () -> UInt64) -> LocalRateLimitDecision {
        guard Self.holds(self.limit.enabled, random) else { return .pass }
        self.counts.enabled.add(1, ordering: .relaxed)
        guard self.take(now, &own) else {
            self.counts.limited.add(1, ordering: .relaxed)
            guard Self.holds(self.limit.enforced, random) else { return .letThrough }
            self.counts.enforced.add(1, ordering: .relaxed)
            return .refuse
        }
        self.counts.allowed.add(1, ordering: .relaxed)
        return .allowed
    }

    private func take(_ now: UInt64, _ own: inout TokenBucket?) -> Bool {
        guard let settings = self.limit.bucket else { return true }
        guard self.limit.isPerConnection else { return self.bucket.withLock { $0?.take(now: now) ?? true } }
        if own == nil { own = TokenBucket(settings) }
        return own?.take(now: now) ?? true
    }

    /// `x-ratelimit-limit`, `-remaining`, `-reset`; nil where answers do not tell.
    package func told(now: UInt64, own: inout TokenBucket?) -> (limit: UInt64, remaining: UInt64, reset: UInt64)? {
        guard self.limit.tellsLimits, let settings = self.limit.bucket else { return nil }
        func read(_ bucket: inout TokenBucket?) -> (limit: UInt64, remaining: UInt64, reset: UInt64)? {
            guard let remaining = bucket?.remaining(now: now), let reset = bucket?.secondsToNext(now: now) else { return nil }
            return (UInt64(settings.capacity), remaining, reset)
        }
        return self.limit.isPerConnection ? read(&own) : self.bucket.withLock { read(&$0) }
    }

    private static func holds(_ fraction: Fraction, _ random: () -> UInt64) -> Bool {
        if fraction.numerator == 0 { return false }
        return fraction.numerator >= fraction.denominator || fraction.includes(random())
    }
}

/// What Envoy counts under `PREFIX.http_local_rate_limit.`.
package final class LocalRateLimitCounts: Sendable {
    package let enabled = Atomic<Int>(0)
    package let allowed = Atomic<Int>(0)
    package let limited = Atomic<Int>(0)
    package let enforced = Atomic<Int>(0)
}

package enum LocalRateLimitDecision: Sendable, Hashable {
    /// Not counted.
    case pass
    case allowed
    /// Beyond the limit, which is not enforced.
    case letThrough
    case refuse
}
