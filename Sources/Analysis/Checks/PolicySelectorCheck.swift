// SPDX-License-Identifier: Apache-2.0
import MeshModel
import MeshResources

/// Policies that hold for no workload.
struct PolicySelectorCheck {
    var snapshot: MeshSnapshot

    func findings() -> [Finding] {
        let authorization = snapshot.allAuthorizationPolicies.compactMap {
            finding(.authorizationPolicy, $0.namespace, $0.name, $0.specification.selector?.matchLabels ?? [:])
        }
        let authentication = snapshot.allPeerAuthentications.compactMap { policy -> Finding? in
            guard let labels = policy.specification.selector?.matchLabels, !labels.isEmpty else { return nil }
            return finding(.peerAuthentication, policy.namespace, policy.name, labels)
        }
        return authorization + authentication
    }

    private func finding(_ kind: ResourceKind, _ namespace: String, _ name: String, _ labels: [String: String]) -> Finding? {
        let isMeshWide = kind == .authorizationPolicy && namespace == snapshot.configuration.rootNamespace
        if isMeshWide, labels.isEmpty { return nil }
        let found = snapshot.workloads.contains {
            (isMeshWide || $0.namespace == namespace) && LabelMatch.matches(labels, $0.labels)
        }
        guard !found else { return nil }
        return Finding(
            .noMatchingWorkloads, ResourceKey(kind: kind, namespace: namespace, name: name), path: "spec.selector",
            "No matching workloads for this resource with the following labels: \(SelectorText.of(labels))")
    }
}
