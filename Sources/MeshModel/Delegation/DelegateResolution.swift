// SPDX-License-Identifier: Apache-2.0
import MeshResources

/// Puts the routes of delegates where VirtualServices refer to them, as Istio merges them.
///
/// A reference that leads nowhere stays as it is: a route that takes no request, so that the rule still governs its hosts.
struct DelegateResolution {
    private let delegates: [ResourceKey: Configured<VirtualService>]
    private let domain: String

    init(_ all: [Configured<VirtualService>], domain: String) {
        let found = all.filter(\.specification.hosts.isEmpty).map { (Self.key($0.name, $0.namespace), $0) }
        delegates = Dictionary(found, uniquingKeysWith: { first, _ in first })
        self.domain = domain
    }

    func resolved(_ rule: Configured<VirtualService>) -> Configured<VirtualService> {
        guard rule.specification.http.contains(where: { $0.delegate != nil }) else { return rule }
        var rule = rule
        rule.specification.http = rule.specification.http.flatMap { route in
            guard let target = delegate(of: route, in: rule) else { return [route] }
            return target.specification.http.compactMap { RouteMerging.merged($0.resolved(target.namespace, domain), into: route) }
        }
        return rule
    }

    /// Nil where the route has none, or where there is none that the rule may see.
    func delegate(of route: VirtualServiceHTTPRoute, in rule: Configured<VirtualService>) -> Configured<VirtualService>? {
        guard let wanted = route.delegate else { return nil }
        let namespace = wanted.namespace.flatMap { $0.isEmpty ? nil : $0 } ?? rule.namespace
        guard let found = delegates[Self.key(wanted.name, namespace)], found.visibility.includes(rule.namespace) else { return nil }
        return found
    }

    private static func key(_ name: String, _ namespace: String) -> ResourceKey {
        ResourceKey(kind: .virtualService, namespace: namespace, name: name)
    }
}

extension VirtualServiceHTTPRoute {
    /// Short names mean services of the delegate's namespace, wherever its routes are taken in.
    fileprivate func resolved(_ namespace: String, _ domain: String) -> Self {
        var route = self
        for index in route.route.indices {
            route.route[index].destination.host = Hostname.resolve(
                route.route[index].destination.host, namespace: namespace, domain: domain)
        }
        for index in route.mirrors.indices {
            route.mirrors[index].destination.host = Hostname.resolve(
                route.mirrors[index].destination.host, namespace: namespace, domain: domain)
        }
        return route
    }
}
