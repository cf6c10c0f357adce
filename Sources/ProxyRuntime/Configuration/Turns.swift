// SPDX-License-Identifier: Apache-2.0

/// One after the other, in the order of asking. Whoever began has to end.
struct Turns {
    private var isTaken = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// False: wait.
    mutating func begin() -> Bool {
        defer { self.isTaken = true }
        return !self.isTaken
    }

    mutating func wait(_ continuation: CheckedContinuation<Void, Never>) { self.waiting.append(continuation) }

    mutating func end() {
        if self.waiting.isEmpty { self.isTaken = false } else { self.waiting.removeFirst().resume() }
    }
}
