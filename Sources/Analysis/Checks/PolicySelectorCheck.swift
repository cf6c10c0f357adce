// SPDX-License-Identifier: Apache-2.0
import MeshModel
import MeshResources

/// Policies whose selector matches no workload of their namespace.
struct PolicySelectorCheck {
    var snapshot: MeshSnapshot

    func findings() -> [Finding] {
        let authorization = snapshot.allAuthorizationPolicies.compactMap {
            finding(.authorizationPolicy, $0.namespace, $0.name, $0.specification.selector)
        }
        let authentication = snapshot.allPeerAuthentications.compactMap {
            finding(.peerAuthentication, $0.namespace, $0.name, $0.specification.selector)
        }
        return authorization + authentication
    }

    private func finding(
        _ kind: ResourceKind, _ namespace: String, _ name: String, _ selector: WorkloadLabelSelector?
    ) -> Finding? {
        guard let labels = selector?.matchLabels, !labels.isEmpty else { return nil }
        let isMeshWide = kind == .authorizationPolicy && namespace == snapshot.configuration.rootNamespace
        let found = snapshot.workloads.contains {
            (isMeshWide || $0.namespace == namespace) && LabelMatch.matches(labels, $0.labels)
        }
        guard !found else { return nil }
        let text = labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
        return Finding(
            .noMatchingWorkloads, ResourceKey(kind: kind, namespace: namespace, name: name), path: "spec.selector",
            "No matching workloads for this resource with the following labels: \(text)")
    }
}
