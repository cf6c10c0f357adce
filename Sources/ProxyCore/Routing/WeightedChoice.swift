// SPDX-License-Identifier: Apache-2.0

package import ProxyModel

/// Takes one of several clusters by weight.
package enum WeightedChoice {
    /// `random` is uniform; clusters of weight 0 are never taken. Nil only for a list without weight.
    package static func choose(_ clusters: [WeightedCluster], random: UInt64) -> WeightedCluster? {
        let total = clusters.reduce(UInt64(0)) { $0 + UInt64($1.weight) }
        guard total > 0 else { return nil }
        var rest = random % total
        for cluster in clusters {
            if rest < UInt64(cluster.weight) { return cluster }
            rest -= UInt64(cluster.weight)
        }
        return nil
    }
}

extension ClusterChoice {
    /// The name, and the edits that go with it.
    package func choose(random: UInt64) -> WeightedCluster? {
        switch self {
        case .single(let name): WeightedCluster(name: name, weight: 1)
        case .weighted(let clusters): WeightedChoice.choose(clusters, random: random)
        }
    }
}
