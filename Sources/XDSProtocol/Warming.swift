// SPDX-License-Identifier: Apache-2.0

/// Remembers which clusters a client has to warm before listeners and routes may follow, and for how long to wait for it.
struct Warming: Sendable {
    private enum State: Sendable { case idle, waiting, over }

    private var state: State = .idle
    private var round: UInt64 = 0
    private(set) var newClusters: Set<String> = []

    var isOver: Bool { self.state == .over }

    mutating func clustersSent(_ names: [String]) {
        self.newClusters.formUnion(names)
        if self.state == .over { self.state = .idle }
    }

    /// Starts to wait; returns the round to time, if it is a new one.
    mutating func begin() -> UInt64? {
        guard self.state == .idle else { return nil }
        self.state = .waiting
        self.round &+= 1
        return self.round
    }

    mutating func end() {
        self.state = .idle
        self.newClusters = []
    }

    mutating func timedOut(round: UInt64) -> Bool {
        guard self.state == .waiting, round == self.round else { return false }
        self.state = .over
        return true
    }
}
