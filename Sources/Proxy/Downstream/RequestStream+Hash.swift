// SPDX-License-Identifier: Apache-2.0
import ProxyCore
import ProxyModel

extension RequestStream {
    /// For clusters that balance by hash; worked out once, so that every attempt asks for the same endpoint.
    func hash(for cluster: ClusterState) -> UInt64? {
        guard cluster.balancesByHash, let policies = self.forward?.action.hashPolicies, !policies.isEmpty else { return nil }
        if let known = self.extras?.requestHash { return known.value }
        let hash = RequestHash(
            policies, head: self.head, sourceAddress: self.client?.host ?? self.connection.remoteHost,
            connection: self.connection.remoteAddress + self.connection.localAddress)
        self.madeExtras.requestHash = hash
        return hash.value
    }
}
