// SPDX-License-Identifier: Apache-2.0
package import MeshResources

/// DestinationRules by namespace and host. The proxy's namespace comes first, then the service's, then the root namespace.
package struct DestinationRuleIndex: Sendable {
    /// Oldest first.
    package let all: [Configured<DestinationRule>]
    /// namespace → rules, oldest first, with the host they resolve to.
    private let byNamespace: [String: [(host: String, rule: Configured<DestinationRule>)]]
    private let rootNamespace: String

    init(oldestFirst: [Configured<DestinationRule>], configuration: MeshConfiguration) {
        all = oldestFirst
        let resolved = oldestFirst.map { rule in
            (Hostname.resolve(rule.specification.host, namespace: rule.namespace, domain: configuration.domain), rule)
        }
        byNamespace = Dictionary(grouping: resolved, by: { $0.1.namespace }).mapValues { $0.map { (host: $0.0, rule: $0.1) } }
        rootNamespace = configuration.rootNamespace
    }

    /// The rule that holds for calls of `service` by a proxy of `namespace` with these labels.
    package func rule(for service: Service, from namespace: String, labels: [String: String]) -> Configured<DestinationRule>? {
        let selected = lookUp(service.hostname, in: namespace) { rule in
            rule.specification.workloadSelector.map { LabelMatch.matches($0.matchLabels, labels) } ?? false
        }
        if let selected { return selected }
        for owner in [namespace, service.namespace, rootNamespace] {
            let found = lookUp(service.hostname, in: owner) { rule in
                rule.specification.workloadSelector == nil && (owner == namespace || rule.visibility.includes(namespace))
            }
            if let found { return found }
        }
        return nil
    }

    /// The most specific host wins; rules for the same host add up: the oldest policy, every subset once.
    private func lookUp(
        _ host: String, in namespace: String, _ applies: (Configured<DestinationRule>) -> Bool
    ) -> Configured<DestinationRule>? {
        let candidates = (byNamespace[namespace] ?? []).filter { Hostname.covers($0.host, host) && applies($0.rule) }
        guard let best = candidates.map(\.host).min(by: Hostname.isMoreSpecific) else { return nil }
        let rules = candidates.filter { $0.host == best }.map(\.rule)
        guard var merged = rules.first else { return nil }
        for rule in rules.dropFirst() {
            if merged.specification.trafficPolicy == nil { merged.specification.trafficPolicy = rule.specification.trafficPolicy }
            let known = Set(merged.specification.subsets.map(\.name))
            merged.specification.subsets += rule.specification.subsets.filter { !known.contains($0.name) }
        }
        return merged
    }
}
