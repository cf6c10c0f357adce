// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// Counts frames that cost work and carry nothing, against a rate: rapid resets, and floods of pings, settings, priorities, empty
/// data frames (CVE-2019-9511 … 9518, CVE-2023-44487).
struct IdleFrameMeter {
    private let burst: Double
    private let perSecond: Double
    private var left: Double
    private var last: NIODeadline?

    init(burst: Int, perSecond: Int) {
        self.burst = Double(burst)
        self.perSecond = Double(perSecond)
        self.left = Double(burst)
    }

    /// False if the peer has gone beyond its rate.
    mutating func count(at now: NIODeadline) -> Bool {
        if let last = self.last {
            self.left = min(self.burst, self.left + Double((now - last).nanoseconds) / 1e9 * self.perSecond)
        }
        self.last = now
        self.left -= 1
        return self.left >= 0
    }
}
