// SPDX-License-Identifier: Apache-2.0

/// A share of all requests.
package struct Fraction: Sendable, Hashable {
    package var numerator: UInt32
    /// 100, 10,000 or 1,000,000.
    package var denominator: UInt32

    package init(numerator: UInt32, denominator: UInt32) {
        self.numerator = numerator
        self.denominator = max(denominator, 1)
    }

    package static let all = Fraction(numerator: 100, denominator: 100)
    package static let none = Fraction(numerator: 0, denominator: 100)

    /// Whether a random number falls into the share.
    package func includes(_ random: UInt64) -> Bool { random % UInt64(denominator) < UInt64(numerator) }
}
