// SPDX-License-Identifier: Apache-2.0

/// Ketama-style ring: an endpoint's points on it are as many as its weight says, and a hash goes to the next point.
struct HashRing: Sendable {
    private struct Point: Sendable {
        let hash: UInt64
        let index: Int
    }

    private let points: [Point]

    init(indices: [Int], weights: [UInt32], keys: [String], minimumSize: Int, maximumSize: Int) {
        let total = Double(weights.reduce(UInt64(0)) { $0 + UInt64(max($1, 1)) })
        guard let least = weights.map({ Double(max($0, 1)) / total }).min(), least > 0 else {
            self.points = []
            return
        }
        // Every endpoint gets a whole number of points, at least one, as far as the maximum allows.
        let scale = min((least * Double(max(minimumSize, 1))).rounded(.up) / least, Double(max(maximumSize, 1)))
        var points: [Point] = []
        points.reserveCapacity(Int(scale) + 1)
        var target = 0.0
        for (position, index) in indices.enumerated() {
            target += scale * Double(max(weights[position], 1)) / total
            var number = 0
            while Double(points.count) < target - 1e-9 {
                points.append(Point(hash: XXHash64.hash("\(keys[position])_\(number)"), index: index))
                number += 1
            }
        }
        self.points = points.sorted { ($0.hash, $0.index) < ($1.hash, $1.index) }
    }

    /// - Parameter attempt: 0 for the hash's own endpoint, then the ones after it on the ring.
    func endpoint(for hash: UInt64, attempt: Int) -> Int? {
        guard !self.points.isEmpty else { return nil }
        var low = 0
        var high = self.points.count
        while low < high {
            let middle = (low + high) / 2
            if self.points[middle].hash < hash { low = middle + 1 } else { high = middle }
        }
        return self.points[(low + attempt) % self.points.count].index
    }
}
