// SPDX-License-Identifier: Apache-2.0

/// Takes endpoints in turn, each as often as its weight says, spread evenly: earliest deadline first.
struct RoundRobin: Sendable {
    private struct Turn: Sendable {
        var deadline: Double
        /// Among equal deadlines the one that waited longest is first.
        var order: UInt64
        let index: Int
        let interval: Double
    }

    /// A binary heap, earliest first. Unused where all weights are equal.
    private var heap: [Turn] = []
    private var counter: UInt64 = 0
    private let indices: [Int]
    private var cursor: Int

    /// `start` says where in the round to begin, so that many proxies do not all begin at the same endpoint.
    init(indices: [Int], weights: [UInt32], start: UInt64) {
        self.indices = indices
        self.cursor = indices.isEmpty ? 0 : Int(start % UInt64(indices.count))
        guard Set(weights).count > 1 else { return }
        for (index, weight) in zip(indices, weights) {
            let interval = 1 / Double(max(weight, 1))
            self.heap.append(Turn(deadline: interval, order: self.counter, index: index, interval: interval))
            self.counter += 1
        }
        self.heap.sort { Self.isEarlier($0, $1) }
        let total = weights.reduce(UInt64(0)) { $0 + UInt64(max($1, 1)) }
        for _ in 0..<(start % min(total, 128)) { _ = self.next() }
    }

    mutating func next() -> Int? {
        guard var first = self.heap.first else {
            guard !self.indices.isEmpty else { return nil }
            self.cursor = self.cursor + 1 < self.indices.count ? self.cursor + 1 : 0
            return self.indices[self.cursor]
        }
        first.deadline += first.interval
        first.order = self.counter
        self.counter += 1
        self.sink(first)
        return first.index
    }

    /// Puts `turn` in the place of the first and restores the order.
    private mutating func sink(_ turn: Turn) {
        var hole = 0
        while true {
            var child = hole * 2 + 1
            guard child < self.heap.count else { break }
            if child + 1 < self.heap.count, Self.isEarlier(self.heap[child + 1], self.heap[child]) { child += 1 }
            guard Self.isEarlier(self.heap[child], turn) else { break }
            self.heap[hole] = self.heap[child]
            hole = child
        }
        self.heap[hole] = turn
    }

    private static func isEarlier(_ left: Turn, _ right: Turn) -> Bool {
        (left.deadline, left.order) < (right.deadline, right.order)
    }
}
