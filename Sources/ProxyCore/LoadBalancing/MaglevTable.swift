// SPDX-License-Identifier: Apache-2.0

/// Maglev's table: each endpoint fills the slots it prefers, in turns by weight. Nearly even, and few hashes move when endpoints do.
/// The turns are Envoy's, so that a request goes to the same endpoint through both proxies.
struct MaglevTable: Sendable {
    private let table: [Int]

    /// - Parameters:
    ///   - keys: Of each endpoint; their order, not the endpoints', is that of the turns, so that it does not move requests.
    ///   - size: A prime: only then does every step lead through all slots.
    init(indices: [Int], weights: [UInt32], keys: [String], size: Int) {
        let total = weights.reduce(0.0) { $0 + Double(max($1, 1)) }
        let shares = weights.map { Double(max($0, 1)) / total }
        guard let largest = shares.max(), !indices.isEmpty, size > 1 else {
            self.table = indices.first.map { [$0] } ?? []
            return
        }
        let slots = UInt64(size)
        let order = keys.indices.sorted { keys[$0].utf8.lexicographicallyPrecedes(keys[$1].utf8) }
        var offset = keys.map { XXHash64.hash($0) % slots }
        let skip = keys.map { XXHash64.hash($0, seed: 1) % (slots - 1) + 1 }
        var table = [Int](repeating: -1, count: size)
        // The heaviest takes a slot in every turn, one of a third of its weight in every third; everybody one in the first.
        var due = [Double](repeating: 0, count: indices.count)
        var turn = 1.0
        var filled = 0
        while filled < size {
            for position in order where filled < size && turn * shares[position] >= due[position] {
                due[position] += largest
                while table[Int(offset[position])] >= 0 { offset[position] = (offset[position] + skip[position]) % slots }
                table[Int(offset[position])] = indices[position]
                filled += 1
            }
            turn += 1
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
