// SPDX-License-Identifier: Apache-2.0
import MeshModel
import MeshResources

/// VirtualServices of the mesh that claim the same host: they do not merge, only the oldest acts.
struct MeshHostConflictCheck {
    private struct Claim: Hashable {
        /// Nil: exported to all.
        var scope: String?
        var host: String
    }

    var mesh: AnalyzedMesh

    func findings() -> [Finding] {
        var claims: [Claim: [ResourceKey]] = [:]
        for (key, rule) in mesh.virtualServices {
            if let gateways = rule.gateways, !gateways.isEmpty, !gateways.contains("mesh") { continue }
            for scope in ExportScope.scopes(rule.exportTo, in: key.namespace) {
                for host in rule.hosts {
                    let name = Hostname.resolve(host, namespace: key.namespace, domain: mesh.domain)
                    claims[Claim(scope: scope, host: name), default: []].append(key)
                }
            }
        }
        return claims.flatMap { claim, own -> [Finding] in
            var keys = Set(own)
            if claim.scope != nil {
                for (other, theirs) in claims where other.scope == nil && Hostname.covers(other.host, claim.host) {
                    keys.formUnion(theirs)
                }
            }
            guard keys.count > 1 else { return [] }
            let names = keys.map { "\($0.namespace)/\($0.name)" }.sorted().joined(separator: ",")
            return keys.map { key in
                Finding(
                    .conflictingMeshHosts, key, path: "spec.hosts",
                    "The VirtualServices \(names) associated with mesh gateway define the same host \(claim.scope ?? "*")/\(claim.host) which can lead to undefined behavior. This can be fixed by merging the conflicting VirtualServices into a single resource."
                )
            }
        }
    }
}
