// SPDX-License-Identifier: Apache-2.0

/// Sends the request to a cluster.
package struct ForwardAction: Sendable, Hashable {
    package enum HostRewrite: Sendable, Hashable {
        case literal(String)
        /// The host name of the endpoint that was chosen.
        case endpoint
    }

    package enum PathRewrite: Sendable, Hashable {
        /// Takes the place of the prefix that matched.
        case prefix(String)
        case regex(pattern: String, substitution: String)
    }

    package var clusters: ClusterChoice
    /// 503 for Envoy's default; 404 where configured.
    package var clusterNotFoundStatus: UInt16
    /// Zero: none. Nil: Envoy's 15 s.
    package var timeout: Duration?
    package var idleTimeout: Duration?
    /// Of the request and its answer; nil: what the connection manager says; zero: none.
    package var maxDuration: Duration?
    /// Caps and honours `grpc-timeout`; nil: not looked at; zero: no cap.
    package var maxGRPCTimeout: Duration?
    package var retry: RetryPolicy?
    package var hostRewrite: HostRewrite?
    package var pathRewrite: PathRewrite?
    package var hashPolicies: [HashPolicy]
    package var mirrors: [MirrorPolicy]
    /// By lower-case type (`websocket`, `connect`); what is not here is as the connection manager says.
    package var upgrades: [String: RouteUpgrade]
    package var rateLimits: [RateLimitRule]
    /// The virtual host's count too.
    package var includesHostRateLimits: Bool
    /// A host that is rewritten is added to `x-forwarded-host`.
    package var appendsForwardedHost = false

    package init(
        clusters: ClusterChoice, clusterNotFoundStatus: UInt16 = 503, timeout: Duration? = nil, idleTimeout: Duration? = nil,
        maxDuration: Duration? = nil, maxGRPCTimeout: Duration? = nil, retry: RetryPolicy? = nil, hostRewrite: HostRewrite? = nil,
        pathRewrite: PathRewrite? = nil,
        hashPolicies: [HashPolicy] = [], mirrors: [MirrorPolicy] = [], upgrades: [String: RouteUpgrade] = [:],
        rateLimits: [RateLimitRule] = [], includesHostRateLimits: Bool = false
    ) {
        self.clusters = clusters
        self.clusterNotFoundStatus = clusterNotFoundStatus
        self.timeout = timeout
        self.idleTimeout = idleTimeout
        self.maxDuration = maxDuration
        self.maxGRPCTimeout = maxGRPCTimeout
        self.retry = retry
        self.hostRewrite = hostRewrite
        self.pathRewrite = pathRewrite
        self.hashPolicies = hashPolicies
        self.mirrors = mirrors
        self.upgrades = upgrades
        self.rateLimits = rateLimits
        self.includesHostRateLimits = includesHostRateLimits
    }
}

/// A copy of the request, whose answer is thrown away.
package struct MirrorPolicy: Sendable, Hashable {
    package var cluster: String
    package var fraction: Fraction
    /// The copy is for the host with `-shadow` at its end.
    package var marksHost: Bool

    package init(cluster: String, fraction: Fraction = .all, marksHost: Bool = true) {
        self.cluster = cluster
        self.fraction = fraction
        self.marksHost = marksHost
    }
}

/// What a request is hashed by, for balancers that keep to one endpoint.
package enum HashPolicy: Sendable, Hashable {
    case header(String, terminal: Bool)
    case cookie(name: String, path: String, ttl: Duration?, terminal: Bool)
    case sourceAddress(terminal: Bool)
    case queryParameter(String, terminal: Bool)
}
