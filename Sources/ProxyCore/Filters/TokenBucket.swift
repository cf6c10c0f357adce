// SPDX-License-Identifier: Apache-2.0
package import ProxyModel

/// Tokens that come evenly over time. Times are nanoseconds of a clock that does not go back.
package struct TokenBucket: Sendable {
    private let capacity: Double
    let tokensPerNanosecond: Double
    private var tokens: Double
    private var filledAt: UInt64?

    /// Full.
    package init(_ bucket: LocalRateLimit.Bucket) {
        self.capacity = Double(bucket.capacity)
        self.tokensPerNanosecond = Double(bucket.tokensPerFill) / Double(max(bucket.fillInterval.nanoseconds, 1))
        self.tokens = self.capacity
    }

    /// Takes one token if there is one.
    package mutating func take(now: UInt64) -> Bool {
        self.fill(now)
        guard self.tokens >= 1 else { return false }
        self.tokens -= 1
        return true
    }

    /// Whole tokens.
    package mutating func remaining(now: UInt64) -> UInt64 {
        self.fill(now)
        return UInt64(self.tokens)
    }

    /// Whole seconds from an empty bucket to its next token; 0 while there is one.
    package mutating func secondsToNext(now: UInt64) -> UInt64 {
        self.fill(now)
        guard self.tokens < 1, self.tokensPerNanosecond > 0 else { return 0 }
        return UInt64(clamping: Int64((1 / self.tokensPerNanosecond / 1e6).rounded(.up)) / 1000)
    }

    private mutating func fill(_ now: UInt64) {
        if let before = self.filledAt, now > before {
            self.tokens = min(self.capacity, self.tokens + Double(now - before) * self.tokensPerNanosecond)
        }
        self.filledAt = max(now, self.filledAt ?? 0)
    }
}
