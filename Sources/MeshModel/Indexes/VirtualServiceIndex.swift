// SPDX-License-Identifier: Apache-2.0
package import MeshResources

/// VirtualServices of the mesh (not of gateways) by host. For one host the oldest wins; they do not merge.
package struct VirtualServiceIndex: Sendable {
    /// Oldest first, as they are written; those bound to `mesh`.
    package let all: [Configured<VirtualService>]
    private let delegates: DelegateResolution
    private let exact: [String: [Configured<VirtualService>]]
    private let wildcard: [(pattern: String, rule: Configured<VirtualService>)]

    init(oldestFirst: [Configured<VirtualService>], domain: String) {
        all = oldestFirst.filter { $0.specification.gateways.map { $0.isEmpty || $0.contains("mesh") } ?? true }
        var exact: [String: [Configured<VirtualService>]] = [:]
        var wildcard: [(pattern: String, rule: Configured<VirtualService>)] = []
        delegates = DelegateResolution(oldestFirst, domain: domain)
        for rule in all.map(delegates.resolved) {
            for host in rule.specification.hosts.map({ Hostname.resolve($0, namespace: rule.namespace, domain: domain) }) {
                if Hostname.isWildcard(host) {
                    wildcard.append((host, rule))
                } else {
                    exact[host, default: []].append(rule)
                }
            }
        }
        self.exact = exact
        // Stable by age within one pattern.
        self.wildcard = wildcard.enumerated().sorted { a, b in
            a.element.pattern == b.element.pattern
                ? a.offset < b.offset : Hostname.isMoreSpecific(a.element.pattern, b.element.pattern)
        }.map(\.element)
    }

    /// The one that governs calls of `host` from proxies of `namespace`.
    package func rule(for host: String, visibleIn namespace: String) -> Configured<VirtualService>? {
        if let found = exact[host]?.first(where: { $0.visibility.includes(namespace) }) { return found }
        return wildcard.first { $0.rule.visibility.includes(namespace) && Hostname.covers($0.pattern, host) }?.rule
    }

    /// Exact hosts that visible rules name, sorted.
    package func exactHosts(visibleIn namespace: String) -> [String] {
        exact.filter { $0.value.contains { $0.visibility.includes(namespace) } }.keys.sorted()
    }

    /// The VirtualService that holds the routes which `route` of `rule` leaves to it; nil where there is none.
    package func delegate(
        of route: VirtualServiceHTTPRoute, in rule: Configured<VirtualService>
    ) -> Configured<VirtualService>? { delegates.delegate(of: route, in: rule) }
}
