// SPDX-License-Identifier: Apache-2.0
import ProxyModel

/// The buckets of one limit, for everybody or for one connection.
package struct RateBuckets: Sendable {
    private var common: TokenBucket?
    private var byDescriptor: [RateLimitDescriptor: TokenBucket]
    /// Tokens a nanosecond, for the order in which they are asked.
    private let rates: [RateLimitDescriptor: Double]
    private let alwaysTakesCommon: Bool
    /// Kept, so that nobody else gets its identity.
    private let owner: LocalRateLimiter?

    /// Full.
    init(_ limit: LocalRateLimit, of owner: LocalRateLimiter? = nil) {
        self.owner = owner
        self.common = limit.bucket.map { TokenBucket($0) }
        self.byDescriptor = limit.descriptors.mapValues { TokenBucket($0) }
        self.rates = self.byDescriptor.mapValues(\.tokensPerNanosecond)
        self.alwaysTakesCommon = limit.alwaysTakesFromBucket
    }

    /// As Envoy: of the buckets that the request's names have, the slowest first; then the one that all share.
    /// - Returns: Whether all gave a token, and whose bucket speaks for the request; nil: the one that all share.
    mutating func take(now: UInt64, _ descriptors: [RateLimitDescriptor]) -> (isAllowed: Bool, speaker: RateLimitDescriptor?) {
        var known = descriptors.filter { self.byDescriptor[$0] != nil }
        if known.count > 1 { known.sort { self.rates[$0, default: 0] < self.rates[$1, default: 0] } }
        for descriptor in known where !(self.byDescriptor[descriptor]?.take(now: now) ?? true) { return (false, descriptor) }
        if known.isEmpty || self.alwaysTakesCommon, !(self.common?.take(now: now) ?? true) { return (false, nil) }
        return (true, known.first)
    }

    mutating func told(now: UInt64, _ speaker: RateLimitDescriptor?) -> (remaining: UInt64, reset: UInt64)? {
        guard let speaker else {
            guard let remaining = self.common?.remaining(now: now), let reset = self.common?.secondsToNext(now: now) else {
                return nil
            }
            return (remaining, reset)
        }
        guard let remaining = self.byDescriptor[speaker]?.remaining(now: now),
            let reset = self.byDescriptor[speaker]?.secondsToNext(now: now)
        else { return nil }
        return (remaining, reset)
    }
}
