// SPDX-License-Identifier: Apache-2.0

/// Virtual hosts with their routes.
package struct RouteTable: Sendable, Hashable {
    package var name: String
    package var virtualHosts: [VirtualHost]
    package var requestHeaders: HeaderMutations
    package var responseHeaders: HeaderMutations
    package var ignoresPortInHost: Bool
    package var filters: RouteFilters

    package init(
        name: String, virtualHosts: [VirtualHost] = [], requestHeaders: HeaderMutations = HeaderMutations(),
        responseHeaders: HeaderMutations = HeaderMutations(), ignoresPortInHost: Bool = false,
        filters: RouteFilters = [:]
    ) {
        self.name = name
        self.virtualHosts = virtualHosts
        self.requestHeaders = requestHeaders
        self.responseHeaders = responseHeaders
        self.ignoresPortInHost = ignoresPortInHost
        self.filters = filters
    }
}

/// Routes for a set of hosts; the first route that matches is taken.
package struct VirtualHost: Sendable, Hashable {
    package var name: String
    /// `host`, `host:port`, `*.suffix`, `prefix.*`, `*`; unique in the table.
    package var domains: [String]
    package var routes: [Route]
    package var requestHeaders: HeaderMutations
    package var responseHeaders: HeaderMutations
    package var includesAttemptCount: Bool
    package var filters: RouteFilters
    package var rateLimits: [RateLimitRule]
    /// Answers say how many attempts were made.
    package var tellsAttemptCount = false
    /// Requests that did not come by TLS are sent there.
    package var requiresTLS = false

    package init(
        name: String, domains: [String], routes: [Route], requestHeaders: HeaderMutations = HeaderMutations(),
        responseHeaders: HeaderMutations = HeaderMutations(), includesAttemptCount: Bool = false,
        filters: RouteFilters = [:], rateLimits: [RateLimitRule] = []
    ) {
        self.name = name
        self.domains = domains
        self.routes = routes
        self.requestHeaders = requestHeaders
        self.responseHeaders = responseHeaders
        self.includesAttemptCount = includesAttemptCount
        self.filters = filters
        self.rateLimits = rateLimits
    }
}
