// SPDX-License-Identifier: Apache-2.0
import MeshResources

/// Resources whose status says that they are not in force: what proxies reject, for one.
struct ConditionCheck {
    var mesh: AnalyzedMesh

    func findings() -> [Finding] {
        mesh.resources.flatMap { resource in
            (resource.tree["status"]?["conditions"]?.array ?? []).compactMap { condition in
                guard condition.string("type") == "Reconciled", condition.string("status") == "False" else { return nil }
                return Finding(
                    .negativeCondition, resource.key, path: "status.conditions",
                    "A condition with a negative status is present: type=Reconciled, reason=\(condition.string("reason") ?? ""), message=\(condition.string("message") ?? "")."
                )
            }
        }
    }
}
