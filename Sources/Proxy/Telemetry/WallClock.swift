// SPDX-License-Identifier: Apache-2.0
import Foundation
import NIOCore

/// The time of day, for logs only: worked out from the monotonic clock, which whoever asks has just read, and compared with the
/// system's every second.
struct WallClock {
    private var offset: Int64 = 0
    private var compared: NIODeadline?

    /// Nanoseconds since 1970.
    mutating func nanoseconds(at now: NIODeadline) -> Int64 {
        let monotonic = Int64(clamping: now.uptimeNanoseconds)
        if let compared = self.compared, now - compared < .seconds(1) { return monotonic &+ self.offset }
        self.compared = now
        self.offset = Int64(Date().timeIntervalSince1970 * 1e9) &- monotonic
        return monotonic &+ self.offset
    }
}
