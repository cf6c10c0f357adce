// SPDX-License-Identifier: Apache-2.0

/// When what has changed is pushed: after a quiet moment, and never later than a limit after the first change.
struct PushDebounce: Sendable {
    private let quiet: Duration
    private let maximum: Duration
    private var first: ContinuousClock.Instant?
    private var last: ContinuousClock.Instant?

    init(quiet: Duration, maximum: Duration) {
        self.quiet = quiet
        self.maximum = maximum
    }

    /// Nil while nothing waits.
    var deadline: ContinuousClock.Instant? {
        guard let first, let last else { return nil }
        return min(last + quiet, first + maximum)
    }

    mutating func changed(at time: ContinuousClock.Instant) {
        first = first ?? time
        last = time
    }

    mutating func pushed() {
        first = nil
        last = nil
    }
}
