// SPDX-License-Identifier: Apache-2.0

/// Counts per bucket (not cumulative; the last is `+Inf`), and the sum.
package struct HistogramValue: Sendable, Hashable {
    package private(set) var counts = [UInt64](repeating: 0, count: HistogramBuckets.bounds.count + 1)
    package private(set) var sum: Double = 0
    package private(set) var count: UInt64 = 0

    package init() {}

    package mutating func record(_ value: Double) {
        self.counts[HistogramBuckets.index(of: value)] &+= 1
        self.sum += value
        self.count &+= 1
    }

    package mutating func merge(_ other: HistogramValue) {
        for index in self.counts.indices { self.counts[index] &+= other.counts[index] }
        self.sum += other.sum
        self.count &+= other.count
    }
}
