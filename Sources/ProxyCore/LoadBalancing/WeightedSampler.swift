// SPDX-License-Identifier: Apache-2.0

/// Draws with chances by weight.
struct WeightedSampler: Sendable {
    private let indices: [Int]
    /// Running sums of the weights; empty where all are equal.
    private let sums: [UInt64]

    init(indices: [Int], weights: [UInt32]) {
        self.indices = indices
        guard Set(weights).count > 1 else {
            self.sums = []
            return
        }
        var sum: UInt64 = 0
        self.sums = weights.map { weight in
            sum += UInt64(max(weight, 1))
            return sum
        }
    }

    func draw(_ random: UInt64) -> Int? {
        guard !self.indices.isEmpty else { return nil }
        guard let total = self.sums.last else { return self.indices[Int(random % UInt64(self.indices.count))] }
        let wanted = random % total
        var low = 0
        var high = self.sums.count - 1
        while low < high {
            let middle = (low + high) / 2
            if self.sums[middle] > wanted { high = middle } else { low = middle + 1 }
        }
        return self.indices[low]
    }
}
