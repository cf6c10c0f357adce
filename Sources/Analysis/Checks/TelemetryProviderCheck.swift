// SPDX-License-Identifier: Apache-2.0
import MeshModel
import MeshResources

/// Telemetries that name a provider nobody configured, or none where there is no default.
struct TelemetryProviderCheck {
    var snapshot: MeshSnapshot

    func findings() -> [Finding] {
        snapshot.allTelemetryPolicies.flatMap { policy -> [Finding] in
            let key = ResourceKey(kind: .telemetry, namespace: policy.namespace, name: policy.name)
            let spec = policy.specification
            var found = unknown(spec).map { provider in
                Finding(
                    .invalidTelemetryProvider, key,
                    "The Telemetry \(policy.name) in namespace \"\(policy.namespace)\" uses the provider \"\(provider)\", which is not configured"
                )
            }
            let isEmpty = spec.accessLogging.contains { $0.disabled != true && $0.providers.isEmpty }
            if isEmpty, snapshot.configuration.accessLogFile.isEmpty {
                found.append(
                    Finding(
                        .invalidTelemetryProvider, key, path: "spec.accessLogging",
                        "The Telemetry \(policy.name) in namespace \"\(policy.namespace)\" with empty providers will be ignored."))
            }
            return found
        }
    }

    private func unknown(_ spec: TelemetryPolicy) -> [String] {
        let named = spec.accessLogging.flatMap(\.providers) + spec.tracing.flatMap(\.providers) + spec.metrics.flatMap(\.providers)
        return Set(named).filter { snapshot.configuration.providers[$0] == nil }.sorted()
    }
}
