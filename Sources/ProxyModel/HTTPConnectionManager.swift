// SPDX-License-Identifier: Apache-2.0

/// How HTTP is spoken with the downstream, and what happens to its requests.
package struct HTTPConnectionManager: Sendable, Hashable {
    package enum Codec: String, Sendable, Hashable {
        case automatic = "AUTO"
        case http1 = "HTTP1"
        case http2 = "HTTP2"
    }

    package enum Routes: Sendable, Hashable {
        case inline(RouteTable)
        /// Delivered by RDS under this name; until it is there, requests get 404 NR.
        case named(String)
    }

    /// What becomes of `x-forwarded-client-cert`.
    package enum ClientCertificateForwarding: String, Sendable, Hashable {
        case sanitize = "SANITIZE"
        case forwardOnly = "FORWARD_ONLY"
        case appendForward = "APPEND_FORWARD"
        case sanitizeSet = "SANITIZE_SET"
        case alwaysForwardOnly = "ALWAYS_FORWARD_ONLY"
    }

    package struct ClientCertificateDetails: Sendable, Hashable {
        package var subject: Bool
        package var certificate: Bool
        package var chain: Bool
        package var dns: Bool
        package var uri: Bool

        package init(subject: Bool = false, certificate: Bool = false, chain: Bool = false, dns: Bool = false, uri: Bool = false) {
            self.subject = subject
            self.certificate = certificate
            self.chain = chain
            self.dns = dns
            self.uri = uri
        }
    }

    package enum ServerHeader: String, Sendable, Hashable {
        case overwrite = "OVERWRITE"
        case appendIfAbsent = "APPEND_IF_ABSENT"
        case passThrough = "PASS_THROUGH"
    }

    package var statPrefix: String
    package var codec: Codec
    package var http2: HTTP2Options
    package var routes: Routes
    package var filters: [HTTPFilter]
    package var accessLogs: [AccessLogConfiguration]
    package var serverName: String
    package var serverHeader: ServerHeader
    package var via: String?
    /// RFC 3986 normalisation of the path before it is matched (Istio's BASE).
    package var normalizesPath: Bool
    package var mergesSlashes: Bool
    package var generatesRequestID: Bool
    /// A request ID that came from outside is kept.
    package var preservesExternalRequestID: Bool
    package var useRemoteAddress: Bool
    package var trustedHops: Int
    package var forwardedClientCertificate: ClientCertificateForwarding
    package var clientCertificateDetails: ClientCertificateDetails
    /// Nil and zero: no limit, as for all timeouts here.
    package var streamIdleTimeout: Duration?
    package var requestTimeout: Duration?
    package var requestHeadersTimeout: Duration?
    package var drainTimeout: Duration
    package var connectionIdleTimeout: Duration?
    package var maxConnectionDuration: Duration?
    /// Of one request and its answer; a route may say otherwise.
    package var maxStreamDuration: Duration?
    package var maxRequestsPerConnection: Int?
    package var maxHeaderBytes: Int
    package var maxHeaders: Int
    package var acceptsHTTP10: Bool
    /// Upstreams' interim answers are passed on, and `expect: 100-continue` with them; else the proxy itself invites bodies.
    package var proxiesInterimResponses: Bool
    /// Lower case: `websocket`, `connect`.
    package var upgrades: Set<String>
    package var hostPort = HostPort.kept
    /// The share of `maxConnectionDuration` that is added at most, by chance.
    package var connectionDurationJitter = 0.0
    package var escapedSlashes = EscapedSlashes.kept
    package var underscores = Underscores.kept
    /// With `useRemoteAddress`.
    package var appendsForwardedFor = true
    /// Every answer says its request's ID.
    package var tellsRequestID = false
    /// For requests of HTTP/1.0 that name none.
    package var defaultHost: String?
    /// The router adds no `x-envoy-…` of its own to requests and answers.
    package var suppressesEnvoyHeaders = false

    package init(
        statPrefix: String, codec: Codec = .automatic, http2: HTTP2Options = HTTP2Options(), routes: Routes,
        filters: [HTTPFilter] = [.router],
        accessLogs: [AccessLogConfiguration] = [],
        serverName: String = "envoy", serverHeader: ServerHeader = .overwrite, via: String? = nil, normalizesPath: Bool = false,
        mergesSlashes: Bool = false, generatesRequestID: Bool = true, preservesExternalRequestID: Bool = false,
        useRemoteAddress: Bool = false,
        trustedHops: Int = 0, forwardedClientCertificate: ClientCertificateForwarding = .sanitize,
        clientCertificateDetails: ClientCertificateDetails = ClientCertificateDetails(),
        streamIdleTimeout: Duration? = .seconds(300),
        requestTimeout: Duration? = nil, requestHeadersTimeout: Duration? = nil, drainTimeout: Duration = .seconds(5),
        connectionIdleTimeout: Duration? = .seconds(3600), maxConnectionDuration: Duration? = nil,
        maxStreamDuration: Duration? = nil, maxRequestsPerConnection: Int? = nil,
        maxHeaderBytes: Int = 60 << 10, maxHeaders: Int = 100, acceptsHTTP10: Bool = false,
        proxiesInterimResponses: Bool = false, upgrades: Set<String> = []
    ) {
        self.statPrefix = statPrefix
        self.codec = codec
        self.http2 = http2
        self.routes = routes
        self.filters = filters
        self.accessLogs = accessLogs
        self.serverName = serverName
        self.serverHeader = serverHeader
        self.via = via
        self.normalizesPath = normalizesPath
        self.mergesSlashes = mergesSlashes
        self.generatesRequestID = generatesRequestID
        self.preservesExternalRequestID = preservesExternalRequestID
        self.useRemoteAddress = useRemoteAddress
        self.trustedHops = trustedHops
        self.forwardedClientCertificate = forwardedClientCertificate
        self.clientCertificateDetails = clientCertificateDetails
        self.streamIdleTimeout = streamIdleTimeout
        self.requestTimeout = requestTimeout
        self.requestHeadersTimeout = requestHeadersTimeout
        self.drainTimeout = drainTimeout
        self.connectionIdleTimeout = connectionIdleTimeout
        self.maxConnectionDuration = maxConnectionDuration
        self.maxStreamDuration = maxStreamDuration
        self.maxRequestsPerConnection = maxRequestsPerConnection
        self.maxHeaderBytes = maxHeaderBytes
        self.maxHeaders = maxHeaders
        self.acceptsHTTP10 = acceptsHTTP10
        self.proxiesInterimResponses = proxiesInterimResponses
        self.upgrades = upgrades
    }
}
