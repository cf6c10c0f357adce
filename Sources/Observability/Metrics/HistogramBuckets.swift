// SPDX-License-Identifier: Apache-2.0

/// The bounds of Envoy's and Istio's histograms.
package enum HistogramBuckets {
    package static let bounds: [Double] = [
        0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000, 30000, 60000, 300_000, 600_000, 1_800_000, 3_600_000,
    ]

    /// The first bucket whose bound is not below `value`; `bounds.count` stands for `+Inf`.
    package static func index(of value: Double) -> Int {
        Self.bounds.withUnsafeBufferPointer { bounds in
            var low = 0
            var high = bounds.count
            while low < high {
                let middle = (low + high) / 2
                if bounds[middle] < value { low = middle + 1 } else { high = middle }
            }
            return low
        }
    }
}
