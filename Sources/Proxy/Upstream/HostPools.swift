// SPDX-License-Identifier: Apache-2.0
import ProxyCore
import ProxyModel

/// Pools of one endpoint by the hosts that requests are for, where each host has TLS connections of its own.
///
/// Clients choose the hosts: pools that hold nothing go when there are twice as many as were in use.
final class HostPools {
    let naming: PeerNaming
    private var known: [String: EndpointPools] = [:]
    private var sweepsAt = HostPools.least

    private static let least = 16

    init(naming: PeerNaming) { self.naming = naming }

    var all: [EndpointPools] { Array(self.known.values) }

    func pools(for host: HostName, make: () -> EndpointPools) -> EndpointPools {
        // Addresses are alike where they are neither asked for nor checked.
        let key = host.isAddress && !self.naming.checksHost ? "" : host.text
        if let known = self.known[key] { return known }
        if self.known.count >= self.sweepsAt { self.sweep() }
        let pools = make()
        self.known[key] = pools
        return pools
    }

    private func sweep() {
        for (host, pools) in self.known where pools.openConnections == 0 && pools.waiting == 0 {
            pools.retire()
            self.known[host] = nil
        }
        self.sweepsAt = max(Self.least, self.known.count * 2)
    }
}
