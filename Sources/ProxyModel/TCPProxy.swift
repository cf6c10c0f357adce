// SPDX-License-Identifier: Apache-2.0

/// Passes bytes to a cluster.
package struct TCPProxy: Sendable, Hashable {
    package var statPrefix: String
    package var clusters: ClusterChoice
    /// Nil: 1 h. Zero: none.
    package var idleTimeout: Duration?
    package var maxConnectAttempts: Int
    /// Clusters that balance by hash take that of the client's address.
    package var hashesSource: Bool
    /// Nil: no limit.
    package var maxDownstreamDuration: Duration?
    package var accessLogs: [AccessLogConfiguration]

    package init(
        statPrefix: String, clusters: ClusterChoice, idleTimeout: Duration? = nil, maxConnectAttempts: Int = 1,
        hashesSource: Bool = false, maxDownstreamDuration: Duration? = nil,
        accessLogs: [AccessLogConfiguration] = []
    ) {
        self.statPrefix = statPrefix
        self.clusters = clusters
        self.idleTimeout = idleTimeout
        self.maxConnectAttempts = maxConnectAttempts
        self.hashesSource = hashesSource
        self.maxDownstreamDuration = maxDownstreamDuration
        self.accessLogs = accessLogs
    }
}

/// One cluster, or several by weight.
package enum ClusterChoice: Sendable, Hashable {
    case single(String)
    case weighted([WeightedCluster])
}

/// One of several clusters. The weights' sum is the whole.
package struct WeightedCluster: Sendable, Hashable {
    package var name: String
    package var weight: UInt32
    package var requestHeaders: HeaderMutations
    package var responseHeaders: HeaderMutations
    package var hostRewrite: String?
    /// What filters are told; goes before what the route says.
    package var filters: RouteFilters

    package init(
        name: String, weight: UInt32, requestHeaders: HeaderMutations = HeaderMutations(),
        responseHeaders: HeaderMutations = HeaderMutations(),
        hostRewrite: String? = nil, filters: RouteFilters = [:]
    ) {
        self.name = name
        self.weight = weight
        self.requestHeaders = requestHeaders
        self.responseHeaders = responseHeaders
        self.hostRewrite = hostRewrite
        self.filters = filters
    }
}
