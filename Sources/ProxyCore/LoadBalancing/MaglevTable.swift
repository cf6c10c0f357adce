// SPDX-License-Identifier: Apache-2.0

/// Maglev's table: each endpoint fills the slots it prefers, in turns by weight. Nearly even, and few hashes move when endpoints do.
struct MaglevTable: Sendable {
    private let table: [Int]

    init(indices: [Int], weights: [UInt32], keys: [String], size: Int) {
        guard let heaviest = weights.map({ Double(max($0, 1)) }).max(), !indices.isEmpty, size > 1 else {
            self.table = indices.first.map { [$0] } ?? []
            return
        }
        let slots = UInt64(size)
        var offset = keys.map { XXHash64.hash($0) % slots }
        let skip = keys.map { XXHash64.hash($0, seed: 1) % (slots - 1) + 1 }
        var table = [Int](repeating: -1, count: size)
        var owed = [Double](repeating: 0, count: indices.count)
        var filled = 0
        while filled < size {
            for position in indices.indices where filled < size {
                owed[position] += Double(max(weights[position], 1)) / heaviest
                guard owed[position] >= 1 - 1e-9 else { continue }
                owed[position] -= 1
                while table[Int(offset[position])] >= 0 { offset[position] = (offset[position] + skip[position]) % slots }
                table[Int(offset[position])] = indices[position]
                filled += 1
            }
        }
        self.table = table
    }

    func endpoint(for hash: UInt64, attempt: Int) -> Int? {
        guard !self.table.isEmpty else { return nil }
        // Another try looks somewhere unrelated.
        let mixed = attempt == 0 ? hash : hash ^ (~0 &- UInt64(attempt) &+ 1)
        return self.table[Int(mixed % UInt64(self.table.count))]
    }
}
