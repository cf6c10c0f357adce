// SPDX-License-Identifier: Apache-2.0

/// Cumulative counts by upper bound in milliseconds, as Prometheus has them.
package struct LatencyHistogram: Sendable, Hashable {
    package var counts: [Double: Double] = [:]

    package init(counts: [Double: Double] = [:]) { self.counts = counts }

    package mutating func add(upTo bound: Double, _ count: Double) { counts[bound, default: 0] += count }

    package func since(_ earlier: LatencyHistogram) -> LatencyHistogram {
        LatencyHistogram(counts: counts.reduce(into: [:]) { $0[$1.key] = max($1.value - (earlier.counts[$1.key] ?? 0), 0) })
    }

    /// Linear within the bucket, as `histogram_quantile`; `nil` without a sample.
    package func quantile(_ share: Double) -> Double? {
        let bounds = counts.keys.sorted()
        guard let last = bounds.last, let total = counts[last], total > 0 else { return nil }
        let rank = share * total
        var lowerBound = 0.0
        var lowerCount = 0.0
        for bound in bounds {
            let count = counts[bound] ?? 0
            if count >= rank {
                guard bound.isFinite else { return lowerBound }
                let inside = count - lowerCount
                return lowerBound + (bound - lowerBound) * (inside > 0 ? (rank - lowerCount) / inside : 1)
            }
            lowerBound = bound
            lowerCount = count
        }
        return lowerBound
    }
}
