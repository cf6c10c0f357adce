// SPDX-License-Identifier: Apache-2.0

/// Exponential waiting times with jitter, so that a thousand clients do not come back at once.
package struct Backoff: Sendable, Hashable {
    package var initial: Duration
    package var maximum: Duration
    package var multiplier: Double
    /// Each time is drawn from ±this share around its base.
    package var jitter: Double
    private var attempt = 0

    package init(
        initial: Duration = .milliseconds(200), maximum: Duration = .seconds(15), multiplier: Double = 1.6,
        jitter: Double = 0.2
    ) {
        self.initial = initial
        self.maximum = maximum
        self.multiplier = multiplier
        self.jitter = jitter
    }

    /// - Parameter random: In 0..<1.
    package mutating func next(random: Double) -> Duration {
        var base = self.initial
        for _ in 0..<self.attempt where base < self.maximum { base *= self.multiplier }
        base = min(base, self.maximum)
        self.attempt = min(self.attempt + 1, 64)
        return base * (1 + self.jitter * (2 * random - 1))
    }

    package mutating func reset() { self.attempt = 0 }
}

extension Duration {
    fileprivate static func *= (lhs: inout Duration, rhs: Double) { lhs = lhs * rhs }
}
