// SPDX-License-Identifier: Apache-2.0
import MeshModel
import MeshResources

/// Routes that come after one that takes every request.
struct UnreachableRouteCheck {
    var snapshot: MeshSnapshot

    func findings() -> [Finding] {
        snapshot.virtualServices.all.flatMap { rule in
            guard let last = rule.specification.http.firstIndex(where: { $0.match.isEmpty }) else { return [Finding]() }
            let rest = rule.specification.http.indices.filter { $0 > last }
            return rest.map { index in
                let name = rule.specification.http[index].name ?? "#\(index)"
                return Finding(
                    .unreachableRule, ResourceKey(kind: .virtualService, namespace: rule.namespace, name: rule.name),
                    path: "spec.http[\(index)]", "VirtualService rule \(name) not used (only the last rule can have no matches).")
            }
        }
    }
}
