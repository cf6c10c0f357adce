// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// How many requests may be under way at once.
final class InFlightLimit: Sendable {
    private let maximum: Int
    private let current = Mutex(0)

    init(maximum: Int) { self.maximum = maximum }

    func enter() -> Bool {
        current.withLock {
            guard $0 < maximum else { return false }
            $0 += 1
            return true
        }
    }

    func leave() { current.withLock { $0 -= 1 } }
}
