// SPDX-License-Identifier: Apache-2.0
import MeshModel
import MeshResources

/// Destinations of VirtualServices that lead nowhere: a host that no service has, a subset that no DestinationRule declares.
struct DestinationCheck {
    var snapshot: MeshSnapshot

    func findings() -> [Finding] {
        snapshot.virtualServices.all.flatMap { rule in
            destinations(of: rule.specification).compactMap { path, destination in
                finding(rule, path: path, destination)
            }
        }
    }

    private func destinations(of rule: VirtualService) -> [(String, Destination)] {
        var all: [(String, Destination)] = []
        for (index, route) in rule.http.enumerated() {
            for (target, entry) in route.route.enumerated() {
                all.append(("spec.http[\(index)].route[\(target)].destination", entry.destination))
            }
            for mirror in route.mirrors { all.append(("spec.http[\(index)].mirror", mirror.destination)) }
        }
        for (index, route) in rule.tcp.enumerated() {
            for (target, entry) in route.route.enumerated() {
                all.append(("spec.tcp[\(index)].route[\(target)].destination", entry.destination))
            }
        }
        return all
    }

    private func finding(_ rule: Configured<VirtualService>, path: String, _ destination: Destination) -> Finding? {
        let key = ResourceKey(kind: .virtualService, namespace: rule.namespace, name: rule.name)
        let host = Hostname.resolve(destination.host, namespace: rule.namespace, domain: snapshot.configuration.domain)
        guard let service = snapshot.service(host, visibleIn: rule.namespace) else {
            return Finding(
                .referencedResourceNotFound, key, path: path + ".host", "Referenced host not found: \"\(destination.host)\"")
        }
        guard let subset = destination.subset, !subset.isEmpty else { return nil }
        let declared = snapshot.destinationRules.rule(for: service, from: rule.namespace, labels: [:])?.specification.subsets ?? []
        guard !declared.contains(where: { $0.name == subset }) else { return nil }
        return Finding(
            .referencedResourceNotFound, key, path: path + ".subset",
            "Referenced host+subset in destinationrule not found: \"\(destination.host)+\(subset)\"")
    }
}
