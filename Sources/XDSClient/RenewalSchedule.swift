// SPDX-License-Identifier: Apache-2.0
package import Foundation
package import SPIFFE

/// When to renew an SVID: at half of its life, a little earlier or later so that not all come at once. The old one is kept
/// while renewal fails.
package enum RenewalSchedule {
    /// Share of the lifetime, on either side.
    package static let jitter = 0.01

    /// - Parameter random: In 0..<1.
    package static func renewalTime(of svid: X509SVID, random: Double) -> Date {
        let lifetime = svid.notValidAfter.timeIntervalSince(svid.notValidBefore)
        return svid.notValidBefore + lifetime * (0.5 + Self.jitter * (2 * random - 1))
    }

    /// From now; zero if it is overdue.
    package static func delay(for svid: X509SVID, now: Date, random: Double) -> Duration {
        .seconds(max(0, Self.renewalTime(of: svid, random: random).timeIntervalSince(now)))
    }
}
