// SPDX-License-Identifier: Apache-2.0

package import HTTP1
package import ProxyModel

/// A route table, compiled once a snapshot. A class, so that a request takes it by one reference.
package final class Router: Sendable {
    package let table: RouteTable
    private let hosts: HostMatcher
    private let routes: [[CompiledRoute]]

    /// - Throws: for a regular expression that this proxy cannot run; decoding asks first, so that it becomes a NACK.
    package init(_ table: RouteTable) throws(RegexError) {
        self.table = table
        hosts = HostMatcher(domains: table.virtualHosts.map(\.domains), ignoresPort: table.ignoresPortInHost)
        var compiled: [[CompiledRoute]] = []
        for host in table.virtualHosts {
            var routes: [CompiledRoute] = []
            for route in host.routes { routes.append(try CompiledRoute(route, host: host, table: table)) }
            compiled.append(routes)
        }
        routes = compiled
    }

    /// The first route that matches, in the virtual host of the authority.
    package func route(_ head: RequestHead, isSecure: Bool, random: UInt64) -> RouteDecision {
        guard let host = hosts.virtualHost(for: head.authority) else { return .noVirtualHost }
        for route in routes[host] where route.matches(head, isSecure: isSecure, random: random) { return .route(route) }
        return .noRoute
    }
}

/// What a route table says of a request. Without a route the answer is 404 NR.
package enum RouteDecision: Sendable {
    case route(CompiledRoute)
    case noVirtualHost
    case noRoute
}
