// SPDX-License-Identifier: Apache-2.0
import MeshResources

/// PeerAuthentications as Istio stacks them: mesh, namespace, workload, port; UNSET inherits, the oldest of a level counts.
struct PeerAuthenticationIndex: Sendable {
    /// Oldest first.
    let all: [Configured<PeerAuthentication>]
    private let policies: PolicyIndex<PeerAuthentication>

    init(oldestFirst: [Configured<PeerAuthentication>], rootNamespace: String) {
        all = oldestFirst
        // A selector in the root namespace selects nothing elsewhere, and nothing there either.
        let counted = oldestFirst.filter {
            $0.namespace != rootNamespace || ($0.specification.selector?.matchLabels.isEmpty ?? true)
        }
        policies = PolicyIndex(oldestFirst: counted, rootNamespace: rootNamespace, selector: \.selector)
    }

    func mode(namespace: String, labels: [String: String], port: Int) -> MutualTLSMode {
        var mode = MutualTLSMode.permissive
        for layer in policies.layers(namespace: namespace, labels: labels) {
            mode = Self.resolve(layer.specification.mode) ?? mode
            let selects = layer.specification.selector?.matchLabels.isEmpty == false
            if selects { mode = Self.resolve(layer.specification.portLevel[port]) ?? mode }
        }
        return mode
    }

    private static func resolve(_ mode: PeerAuthentication.Mode?) -> MutualTLSMode? {
        switch mode {
        case .strict: .strict
        case .permissive: .permissive
        case .disable: .disable
        case .unset, nil: nil
        }
    }
}
