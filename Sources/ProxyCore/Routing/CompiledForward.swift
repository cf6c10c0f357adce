// SPDX-License-Identifier: Apache-2.0

package import ProxyModel

/// What a route that forwards needs for each request, worked out once a snapshot. A class, so that a request holds it by one
/// reference.
package final class CompiledForward: Sendable {
    package let action: ForwardAction
    package let times: RouteTimes
    package let retry: CompiledRetry?
    package let literalHost: String?
    package let takesHostOfEndpoint: Bool
    package let rewritesPath: Bool
    package let mirrors: [MirrorPolicy]
    /// nil where neither route nor virtual host says what requests are called.
    package let rateLimits: RouteRateLimits?
    private let targets: [CompiledTarget]
    private let totalWeight: UInt64

    init(_ action: ForwardAction, _ outer: RouteSurroundings) throws(RegexError) {
        self.action = action
        self.times = RouteTimes(action)
        if let policy = action.retry { self.retry = try CompiledRetry(policy) } else { self.retry = nil }
        if case .literal(let host)? = action.hostRewrite { self.literalHost = host } else { self.literalHost = nil }
        self.takesHostOfEndpoint = action.hostRewrite == .endpoint
        self.rewritesPath = action.pathRewrite != nil
        self.mirrors = action.mirrors
        self.rateLimits = try RouteRateLimits(action, host: outer.rateLimits)
        var targets: [CompiledTarget] = []
        switch action.clusters {
        case .single(let name): targets = [try CompiledTarget(WeightedCluster(name: name, weight: 1), outer)]
        case .weighted(let clusters): for cluster in clusters { targets.append(try CompiledTarget(cluster, outer)) }
        }
        self.targets = targets
        self.totalWeight = self.targets.reduce(UInt64(0)) { $0 + UInt64($1.weight) }
    }

    /// One of the clusters by its weight. `random` is uniform; nil only for a list without weight.
    package func choose(random: UInt64) -> CompiledTarget? {
        guard self.totalWeight > 0 else { return nil }
        if self.targets.count == 1 { return self.targets[0] }
        var rest = random % self.totalWeight
        for target in self.targets {
            if rest < UInt64(target.weight) { return target }
            rest -= UInt64(target.weight)
        }
        return nil
    }
}

/// A cluster that a route forwards to, and the edits that go with it.
package final class CompiledTarget: Sendable {
    package let name: String
    package let hostRewrite: String?
    package let requestHeaders: HeaderEditor?
    package let responseHeaders: HeaderEditor?
    /// What is said to filters about requests for it, with all that stands around; nil: nothing of its own.
    package let filters: CompiledRouteFilters?
    let weight: UInt32

    init(_ cluster: WeightedCluster, _ outer: RouteSurroundings) throws(RegexError) {
        if cluster.filters.isEmpty {
            self.filters = nil
        } else {
            self.filters = try CompiledRouteFilters.combined(
                [try RouteFilterLevel(cluster.filters, stats: outer.stats)] + outer.levels)
        }
        self.name = cluster.name
        self.weight = cluster.weight
        self.hostRewrite = cluster.hostRewrite
        self.requestHeaders = cluster.requestHeaders.isEmpty ? nil : HeaderEditor(cluster.requestHeaders)
        self.responseHeaders = cluster.responseHeaders.isEmpty ? nil : HeaderEditor(cluster.responseHeaders)
    }
}
