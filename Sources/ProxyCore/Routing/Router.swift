// SPDX-License-Identifier: Apache-2.0

package import HTTP1
package import Observability
package import ProxyModel

/// A route table, compiled once a snapshot. A class, so that a request takes it by one reference.
package final class Router: Sendable {
    package let table: RouteTable
    private let hosts: HostMatcher
    private let virtualHosts: [VirtualHostRoutes]

    /// - Throws: for a regular expression that this proxy cannot run; decoding asks first, so that it becomes a NACK.
    package init(_ table: RouteTable, stats: StatRegistry = StatRegistry()) throws(RegexError) {
        self.table = table
        hosts = HostMatcher(domains: table.virtualHosts.map(\.domains), ignoresPort: table.ignoresPortInHost)
        var compiled: [VirtualHostRoutes] = []
        let tableFilters = try RouteFilterLevel(table.filters, stats: stats)
        for host in table.virtualHosts {
            compiled.append(try VirtualHostRoutes(host, table: table, tableFilters: tableFilters, stats: stats))
        }
        virtualHosts = compiled
    }

    /// The first route that matches, in the virtual host of the authority.
    package func route(_ head: RequestHead, isSecure: Bool, random: UInt64) -> RouteDecision {
        guard let host = hosts.virtualHost(for: head.authority) else { return .noVirtualHost }
        return virtualHosts[host].route(head, isSecure: isSecure, random: random).map { .route($0) } ?? .noRoute
    }
}

/// The routes of one virtual host. A class, so that a request takes them by one reference.
private final class VirtualHostRoutes: Sendable {
    private let routes: [CompiledRoute]
    /// The place of the first route whose conditions hold.
    private let conditions: MatchProgram
    /// For what did not come by TLS, where the host wants it; goes before all routes, and nothing else is done to it.
    private let tlsRedirect: CompiledRoute?

    init(
        _ host: VirtualHost, table: RouteTable, tableFilters: RouteFilterLevel, stats: StatRegistry
    ) throws(RegexError) {
        var routes: [CompiledRoute] = []
        let above = [try RouteFilterLevel(host.filters, stats: stats), tableFilters]
        let inherited = try CompiledRouteFilters.combined(above)
        let rateLimits = try CompiledRateLimitRules(host.rateLimits)
        for route in host.routes {
            var filters = inherited
            var levels = above
            if !route.filters.isEmpty {
                levels.insert(try RouteFilterLevel(route.filters, stats: stats), at: 0)
                filters = try CompiledRouteFilters.combined(levels)
            }
            let outer = RouteSurroundings(
                host: host, table: table, filters: filters, levels: levels, rateLimits: rateLimits, stats: stats)
            routes.append(try CompiledRoute(route, outer))
        }
        self.routes = routes
        self.tlsRedirect = host.requiresTLS ? try Self.tlsRedirect(host, stats) : nil
        self.conditions = try MatchProgram(firstOf: host.routes.map { MatchExpression($0.match) })
    }

    private static func tlsRedirect(_ host: VirtualHost, _ stats: StatRegistry) throws(RegexError) -> CompiledRoute {
        try CompiledRoute(
            Route(match: RouteMatch(path: .prefix("/")), action: .redirect(RedirectAction(scheme: .https))),
            RouteSurroundings(
                host: VirtualHost(name: host.name, domains: [], routes: []), table: RouteTable(name: ""), filters: nil, levels: [],
                rateLimits: try CompiledRateLimitRules([]), stats: stats))
    }

    func route(_ head: RequestHead, isSecure: Bool, random: UInt64) -> CompiledRoute? {
        if let tlsRedirect, !(head.headers.first(.forwardedProto)?.equalsIgnoringCase("https") ?? false) { return tlsRedirect }
        return self.conditions.firstMatch(head, peer: PeerFacts.none, isSecure: isSecure, random: random).map { self.routes[$0] }
    }
}

/// What stands around a route.
struct RouteSurroundings {
    let host: VirtualHost
    let table: RouteTable
    /// What `levels` say together; nil: nothing.
    let filters: CompiledRouteFilters?
    /// From the route itself on.
    let levels: [RouteFilterLevel]
    /// The virtual host's.
    let rateLimits: CompiledRateLimitRules
    let stats: StatRegistry
}

/// What a route table says of a request. Without a route the answer is 404 NR.
package enum RouteDecision: Sendable {
    case route(CompiledRoute)
    case noVirtualHost
    case noRoute
}
