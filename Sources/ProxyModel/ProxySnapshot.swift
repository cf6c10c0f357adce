// SPDX-License-Identifier: Apache-2.0

/// All that a proxy runs, at one moment. Immutable; a change makes a new one.
package struct ProxySnapshot: Sendable, Hashable {
    package var listeners: [String: Listener]
    package var routeTables: [String: RouteTable]
    package var clusters: [String: Cluster]
    /// By the name that a cluster asks for (`Cluster.endpointSource`).
    package var endpoints: [String: EndpointSet]
    /// Without the workload's own, which the certificate store has.
    package var secrets: [String: TLSSecret]

    package init(
        listeners: [String: Listener] = [:], routeTables: [String: RouteTable] = [:], clusters: [String: Cluster] = [:],
        endpoints: [String: EndpointSet] = [:], secrets: [String: TLSSecret] = [:]
    ) {
        self.listeners = listeners
        self.routeTables = routeTables
        self.clusters = clusters
        self.endpoints = endpoints
        self.secrets = secrets
    }

    /// What a cluster balances over: its own list, still with host names, or what was delivered for it. Nil: not delivered yet.
    package func endpoints(of cluster: Cluster) -> EndpointSet? {
        switch cluster.endpointSource {
        case .fixed(let set), .named(let set, _): set
        case .delivered(let name): endpoints[name]
        case .originalDestination: nil
        }
    }
}
