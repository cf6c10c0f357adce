// SPDX-License-Identifier: Apache-2.0

/// Draws a few endpoints by weight and takes the one with the fewest active requests for its weight.
struct LeastRequest: Sendable {
    private let choices: Int
    private let sampler: WeightedSampler
    private let weights: [Int: UInt32]

    init(indices: [Int], weights: [UInt32], choices: Int) {
        self.choices = max(choices, 1)
        self.sampler = WeightedSampler(indices: indices, weights: weights)
        self.weights = Set(weights).count > 1 ? Dictionary(zip(indices, weights), uniquingKeysWith: { first, _ in first }) : [:]
    }

    func next(active: (Int) -> Int, random: inout RandomSource) -> Int? {
        guard var best = self.sampler.draw(random.next()) else { return nil }
        guard self.choices > 1 else { return best }
        var bestActive = active(best)
        for _ in 1..<self.choices {
            guard let other = self.sampler.draw(random.next()), other != best else { continue }
            let otherActive = active(other)
            guard !self.weights.isEmpty else {
                if otherActive < bestActive { (best, bestActive) = (other, otherActive) }
                continue
            }
            // Compared crosswise: (active + 1) / weight without a division.
            let own = Double(bestActive + 1) * Double(self.weights[other] ?? 1)
            let theirs = Double(otherActive + 1) * Double(self.weights[best] ?? 1)
            if theirs < own { (best, bestActive) = (other, otherActive) }
        }
        return best
    }
}
