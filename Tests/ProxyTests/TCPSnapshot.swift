// SPDX-License-Identifier: Apache-2.0
import ProxyModel

extension ProxySnapshot {
    /// Listeners and clusters by their names.
    init(_ listeners: [Listener], _ clusters: [Cluster]) {
        self.init(
            listeners: Dictionary(uniqueKeysWithValues: listeners.map { ($0.name, $0) }),
            clusters: Dictionary(uniqueKeysWithValues: clusters.map { ($0.name, $0) }))
    }
}

extension FilterChain {
    /// Passes bytes to a cluster.
    static func tcp(_ cluster: String, _ match: FilterChainMatch = FilterChainMatch(), log: String? = nil) -> FilterChain {
        let logs = log.map { [AccessLogConfiguration(path: "log", format: .text($0 + "\n"))] } ?? []
        return FilterChain(
            match: match, terminal: .tcp(TCPProxy(statPrefix: cluster, clusters: .single(cluster), accessLogs: logs)))
    }
}

extension Cluster {
    static func loopback(_ name: String, _ ports: Int...) -> Cluster {
        Cluster.fixed(name, ports.map { .host("127.0.0.1", port: $0) })
    }

    static func fixed(_ name: String, _ addresses: [ProxySocketAddress]) -> Cluster {
        Cluster(
            name: name, endpointSource: .fixed(EndpointSet(endpoints: addresses.map { Endpoint(address: $0) })), panicThreshold: 0)
    }
}
