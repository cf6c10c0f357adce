// SPDX-License-Identifier: Apache-2.0
import MeshModel
import MeshResources

/// Telemetries that name a provider nobody configured, or that hide each other.
struct TelemetryCheck {
    var snapshot: MeshSnapshot

    func findings() -> [Finding] {
        let all = snapshot.allTelemetryPolicies
        let unknown = all.flatMap { policy in
            let named =
                policy.specification.accessLogging.flatMap(\.providers) + policy.specification.tracing.flatMap(\.providers)
                + policy.specification.metrics.flatMap(\.providers)
            return Set(named).filter { snapshot.configuration.providers[$0] == nil }.map { provider in
                Finding(
                    .invalidTelemetryProvider, key(policy),
                    "The Telemetry \(policy.name) in namespace \"\(policy.namespace)\" uses the provider \"\(provider)\", which is not configured"
                )
            }
        }
        let wide = Dictionary(grouping: all.filter { $0.specification.selector?.matchLabels.isEmpty ?? true }, by: \.namespace)
        let hidden = wide.values.filter { $0.count > 1 }.flatMap { policies in
            policies.map { policy in
                let names = policies.map(\.name).joined(separator: ",")
                return Finding(
                    .multipleTelemetries, key(policy),
                    "Multiple Telemetries (\(names)) without workload selector found in namespace \"\(policy.namespace)\"")
            }
        }
        return unknown + hidden
    }

    private func key(_ policy: Configured<TelemetryPolicy>) -> ResourceKey {
        ResourceKey(kind: .telemetry, namespace: policy.namespace, name: policy.name)
    }
}
