// SPDX-License-Identifier: Apache-2.0
import MeshModel
import MeshResources

/// VirtualServices of the mesh that claim the same host: they do not merge, only the oldest acts.
struct MeshHostConflictCheck {
    var snapshot: MeshSnapshot

    func findings() -> [Finding] {
        var claims: [String: [Configured<VirtualService>]] = [:]
        for rule in snapshot.virtualServices.all {
            for host in rule.specification.hosts {
                let name = Hostname.resolve(host, namespace: rule.namespace, domain: snapshot.configuration.domain)
                claims[name, default: []].append(rule)
            }
        }
        return claims.filter { $0.value.count > 1 }.flatMap { host, rules in
            rules.map { rule in
                let others = rules.map { "\($0.namespace)/\($0.name)" }.joined(separator: ",")
                return Finding(
                    .conflictingMeshHosts, ResourceKey(kind: .virtualService, namespace: rule.namespace, name: rule.name),
                    path: "spec.hosts",
                    "The VirtualServices \(others) associated with mesh gateway define the same host \(host) which can lead to undefined behavior. This can be fixed by merging the conflicting VirtualServices into a single resource."
                )
            }
        }
    }
}
