// SPDX-License-Identifier: Apache-2.0
import NIOCore

extension TimeAmount {
    /// Longer by a part of this share of it, by chance.
    func lengthened(by share: Double) -> TimeAmount {
        let most = Double(self.nanoseconds) * share
        // Also below what an `Int64` can take with the time itself.
        guard most >= 1, most < 4e18, self.nanoseconds < Int64.max / 2 else { return self }
        return .nanoseconds(self.nanoseconds + .random(in: 0...Int64(most)))
    }
}
