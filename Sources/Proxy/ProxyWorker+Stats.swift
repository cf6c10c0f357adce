// SPDX-License-Identifier: Apache-2.0
import Observability

extension ProxyWorker {
    /// What this loop has counted.
    func statBlocks() -> [StatBlock] { self.stats.blocks() }
}
