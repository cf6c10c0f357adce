// SPDX-License-Identifier: Apache-2.0

/// Pools of one client's connection, to endpoints that are told for whom a connection speaks: nobody else's requests may go there.
final class ClientPools {
    private var known: [ObjectIdentifier: (endpoint: EndpointState, pools: EndpointPools)] = [:]

    func pools(of endpoint: EndpointState, for ends: ConnectionEnds) -> EndpointPools {
        if let known = self.known[ObjectIdentifier(endpoint)] { return known.pools }
        let pools = endpoint.pools.copy(dialer: endpoint.dialer.speaking(for: ends))
        self.known[ObjectIdentifier(endpoint)] = (endpoint, pools)
        return pools
    }

    /// The client has gone.
    func retire() {
        for (_, pools) in self.known.values { pools.retire() }
        self.known = [:]
    }
}
