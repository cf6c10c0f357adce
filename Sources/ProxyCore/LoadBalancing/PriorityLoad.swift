// SPDX-License-Identifier: Apache-2.0

/// How the load is spread over priorities, and which of them are in panic: Envoy's arithmetic, in percent.
package struct PriorityLoad: Sendable, Hashable {
    /// Sums to 100, or to 0 where no endpoint can be used.
    package private(set) var shares: [Int]
    /// Health is ignored there.
    package private(set) var panics: [Bool]

    /// `counts` is by priority: usable endpoints, and all of them.
    package init(counts: [(usable: Int, total: Int)], overprovisioningFactor: Int, panicThreshold: Double) {
        let health = counts.map { count in
            count.total == 0 ? 0 : min(100, overprovisioningFactor * count.usable / count.total)
        }
        let available = min(100, health.reduce(0, +))
        self.panics = counts.map { count in
            guard available < 100, count.total > 0 else { return false }
            return Double(count.usable) * 100 / Double(count.total) < panicThreshold
        }
        self.shares = counts.map { _ in 0 }
        guard available > 0 else {
            self.shareByPanic(counts.map(\.total))
            return
        }
        var left = 100
        for priority in health.indices {
            let share = min(left, health[priority] * 100 / available)
            self.shares[priority] = share
            left -= share
        }
        // What rounding left goes to the first that has some.
        if left > 0, let first = self.shares.firstIndex(where: { $0 > 0 }) { self.shares[first] += left }
    }

    /// Nothing is healthy: priorities in panic share by how many endpoints they have.
    private mutating func shareByPanic(_ totals: [Int]) {
        let all = zip(totals, self.panics).reduce(0) { $1.1 ? $0 + $1.0 : $0 }
        guard all > 0 else { return }
        var left = 100
        for priority in totals.indices where self.panics[priority] {
            let share = min(left, totals[priority] * 100 / all)
            self.shares[priority] = share
            left -= share
        }
        if left > 0, let first = self.shares.firstIndex(where: { $0 > 0 }) { self.shares[first] += left }
    }

    /// `random` is uniform.
    package func priority(random: UInt64) -> Int? {
        var rest = Int(random % 100)
        for (priority, share) in self.shares.enumerated() {
            if rest < share { return priority }
            rest -= share
        }
        return nil
    }
}
