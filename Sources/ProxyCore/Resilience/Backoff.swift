// SPDX-License-Identifier: Apache-2.0

/// Fully jittered exponential back-off: before retry n between 0 and (2ⁿ − 1) × base, at most `maximum`.
package struct Backoff: Sendable, Hashable {
    private let baseNanoseconds: UInt64
    private let maximumNanoseconds: UInt64
    private var multiplier: UInt64 = 1

    package init(base: Duration, maximum: Duration) {
        self.baseNanoseconds = max(base.nanoseconds, 1)
        self.maximumNanoseconds = max(maximum.nanoseconds, self.baseNanoseconds)
    }

    package mutating func next(random: UInt64) -> Duration {
        let (product, overflow) = self.baseNanoseconds.multipliedReportingOverflow(by: self.multiplier)
        let bound = overflow ? self.maximumNanoseconds : min(product, self.maximumNanoseconds)
        if self.multiplier < 1 << 32 { self.multiplier = self.multiplier * 2 + 1 }
        return .nanoseconds(Int64(clamping: random % bound))
    }
}
