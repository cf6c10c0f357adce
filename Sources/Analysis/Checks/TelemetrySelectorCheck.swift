// SPDX-License-Identifier: Apache-2.0
import MeshModel
import MeshResources

/// Telemetries that select nothing, or the same workload as another, or several without a selector in one namespace.
struct TelemetrySelectorCheck {
    var snapshot: MeshSnapshot

    func findings() -> [Finding] {
        let all = snapshot.allTelemetryPolicies
        let wide = Dictionary(grouping: all.filter { $0.specification.selector == nil }, by: \.namespace)
        let hidden = wide.filter { $0.value.count > 1 }.flatMap { namespace, policies in
            policies.map { policy in
                Finding(
                    .multipleTelemetries, key(policy),
                    "The Telemetries \(names(policies)) in namespace \"\(namespace)\" have no workload selector, which can lead to undefined behavior."
                )
            }
        }
        return hidden + selected(all)
    }

    private func selected(_ all: [Configured<TelemetryPolicy>]) -> [Finding] {
        var found: [Finding] = []
        var byWorkload: [Workload: [Configured<TelemetryPolicy>]] = [:]
        for policy in all {
            guard let labels = policy.specification.selector?.matchLabels, !labels.isEmpty else { continue }
            let workloads = snapshot.workloads.filter {
                $0.namespace == policy.namespace && LabelMatch.matches(labels, $0.labels)
            }
            if workloads.isEmpty {
                found.append(
                    Finding(
                        .referencedResourceNotFound, key(policy), path: "spec.selector",
                        "Referenced selector not found: \"\(SelectorText.of(labels))\""))
            }
            for workload in workloads { byWorkload[workload, default: []].append(policy) }
        }
        for (workload, policies) in byWorkload where policies.count > 1 {
            for policy in policies {
                found.append(
                    Finding(
                        .conflictingTelemetrySelectors, key(policy), path: "spec.selector",
                        "The Telemetries \(names(policies)) in namespace \"\(workload.namespace)\" select the same workload pod \"\(workload.name)\", which can lead to undefined behavior."
                    ))
            }
        }
        return found
    }

    private func names(_ policies: [Configured<TelemetryPolicy>]) -> String {
        "[\(policies.map(\.name).sorted().joined(separator: " "))]"
    }

    private func key(_ policy: Configured<TelemetryPolicy>) -> ResourceKey {
        ResourceKey(kind: .telemetry, namespace: policy.namespace, name: policy.name)
    }
}
