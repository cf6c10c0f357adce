// SPDX-License-Identifier: Apache-2.0

/// Services by name, with what stands behind each.
struct ServiceIndex: Sendable {
    /// Sorted by host name; one a name.
    let services: [Service]
    let workloads: [String: [Workload]]
    let identities: [String: [String]]
    private let byHost: [String: Service]
    /// Most specific first.
    private let wildcards: [Service]

    /// Where several declare a name, the first one counts.
    init(declared: [Service], workloads all: [Workload], inline: [String: [Workload]], configuration: MeshConfiguration) {
        byHost = Dictionary(declared.map { ($0.hostname, $0) }, uniquingKeysWith: { first, _ in first })
        services = byHost.values.sorted { $0.hostname < $1.hostname }
        wildcards = services.filter { Hostname.isWildcard($0.hostname) }
            .sorted { Hostname.isMoreSpecific($0.hostname, $1.hostname) }
        let byNamespace = Dictionary(grouping: all, by: \.namespace)
        var found: [String: [Workload]] = [:]
        var names: [String: [String]] = [:]
        for service in services {
            let selected = (byNamespace[service.namespace] ?? []).filter { service.selects($0.labels) }
            let members = selected + (inline[service.hostname] ?? [])
            found[service.hostname] = members
            names[service.hostname] = Set(members.compactMap { $0.spiffeID(trustDomain: configuration.trustDomain) })
                .union(service.subjectAltNames.filter { $0.hasPrefix("spiffe://") }).sorted()
        }
        workloads = found
        identities = names
    }

    func service(_ host: String, visibleIn namespace: String) -> Service? {
        if let exact = byHost[host], exact.visibility.includes(namespace) { return exact }
        return wildcards.first { $0.visibility.includes(namespace) && Hostname.covers($0.hostname, host) }
    }
}
