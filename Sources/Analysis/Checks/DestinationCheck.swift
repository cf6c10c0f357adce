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
            } + delegates(of: rule)
        }
    }

    private func delegates(of rule: Configured<VirtualService>) -> [Finding] {
        rule.specification.http.enumerated().compactMap { index, route in
            guard let wanted = route.delegate, snapshot.virtualServices.delegate(of: route, in: rule) == nil else { return nil }
            return Finding(
                .referencedResourceNotFound, key(rule), path: "spec.http[\(index)].delegate",
                "Referenced delegate not found: \"\(wanted.namespace ?? rule.namespace)/\(wanted.name)\"")
        }
    }

    private func key(_ rule: Configured<VirtualService>) -> ResourceKey {
        ResourceKey(kind: .virtualService, namespace: rule.namespace, name: rule.name)
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
        let key = key(rule)
        let host = Hostname.resolve(destination.host, namespace: rule.namespace, domain: snapshot.configuration.domain)
        guard let service = snapshot.service(host, visibleIn: rule.namespace) else {
            return Finding(
                .referencedResourceNotFound, key, path: path + ".host",
                "Referenced \(path.hasSuffix(".mirror") ? "mirror host" : "host") not found: \"\(destination.host)\"")
        }
        if let finding = port(key, path: path, destination, service) { return finding }
        guard let subset = destination.subset, !subset.isEmpty else { return nil }
        let declared = snapshot.destinationRules.rule(for: service, from: rule.namespace, labels: [:])?.specification.subsets ?? []
        guard !declared.contains(where: { $0.name == subset }) else { return nil }
        return Finding(
            .referencedResourceNotFound, key, path: path + ".subset",
            "Referenced host+subset in destinationrule not found: \"\(destination.host)+\(subset)\"")
    }

    private func port(_ key: ResourceKey, path: String, _ destination: Destination, _ service: Service) -> Finding? {
        if let port = destination.port {
            guard service.port(port) == nil else { return nil }
            return Finding(
                .referencedResourceNotFound, key, path: path + ".port",
                "Referenced host:port not found: \"\(destination.host):\(port)\"")
        }
        guard service.ports.count > 1 else { return nil }
        let ports = service.ports.map { String($0.number) }.joined(separator: " ")
        return Finding(
            .destinationPortRequired, key, path: path + ".host",
            "This VirtualService routes to a service \"\(destination.host)\" that exposes multiple ports [\(ports)]. Specifying a port in the destination is required to disambiguate."
        )
    }
}
