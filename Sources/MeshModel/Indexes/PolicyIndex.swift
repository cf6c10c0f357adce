// SPDX-License-Identifier: Apache-2.0
import MeshResources

/// Policies that select workloads by namespace and labels.
struct PolicyIndex<Specification: Sendable & Hashable>: Sendable {
    /// Oldest first.
    let oldestFirst: [Configured<Specification>]
    private let byNamespace: [String: [(selector: [String: String]?, policy: Configured<Specification>)]]
    private let rootNamespace: String

    /// `selector` answers nil for a policy that holds for the whole namespace.
    init(
        oldestFirst: [Configured<Specification>], rootNamespace: String,
        selector: (Specification) -> WorkloadLabelSelector?
    ) {
        self.oldestFirst = oldestFirst
        self.rootNamespace = rootNamespace
        byNamespace = Dictionary(grouping: oldestFirst, by: \.namespace).mapValues { policies in
            policies.map { policy in
                let labels = selector(policy.specification)?.matchLabels
                return (labels?.isEmpty == false ? labels : nil, policy)
            }
        }
    }

    /// Every policy that touches the workload, those of the root namespace first.
    func all(namespace: String, labels: [String: String]) -> [Configured<Specification>] {
        let namespaces = namespace == rootNamespace ? [namespace] : [rootNamespace, namespace]
        return namespaces.flatMap { byNamespace[$0] ?? [] }
            .filter { $0.selector.map { LabelMatch.matches($0, labels) } ?? true }.map(\.policy)
    }

    /// The oldest for the mesh, for the namespace and for the workload, in this order, where there is one.
    func layers(namespace: String, labels: [String: String]) -> [Configured<Specification>] {
        let mesh = byNamespace[rootNamespace]?.first { $0.selector == nil }?.policy
        let own = byNamespace[namespace] ?? []
        let wide = namespace == rootNamespace ? nil : own.first { $0.selector == nil }?.policy
        let narrow = own.first { $0.selector.map { LabelMatch.matches($0, labels) } ?? false }?.policy
        return [mesh, wide, narrow].compactMap { $0 }
    }
}
