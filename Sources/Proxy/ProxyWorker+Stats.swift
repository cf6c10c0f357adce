// SPDX-License-Identifier: Apache-2.0
import Observability

extension ProxyWorker {
    /// What this loop has counted.
    func statBlocks() -> [StatBlock] { self.clusters.values.reduce(into: self.stats.blocks()) { $0 += $1.statBlocks() } }
}
