// SPDX-License-Identifier: Apache-2.0

/// A set of endpoints that answer alike, and how they are used.
package struct Cluster: Sendable, Hashable {
    package enum EndpointSource: Sendable, Hashable {
        case fixed(EndpointSet)
        /// Host names in the set are resolved by the proxy, again and again.
        case named(EndpointSet, NameResolution)
        /// Delivered by EDS under this name.
        case delivered(String)
        /// Wherever the client wanted to go.
        case originalDestination(OriginalDestinationPolicy)
    }

    /// How HTTP is spoken with the endpoints.
    package enum UpstreamProtocol: Sendable, Hashable {
        case http1
        case http2
        /// What the downstream speaks.
        case likeDownstream
        /// What the endpoint chooses in the TLS handshake; HTTP/1 where it chooses nothing.
        case negotiated
    }

    package struct TransportMatch: Sendable, Hashable {
        package var name: String
        /// Compared with the endpoint's `envoy.transport_socket_match`; empty matches every endpoint.
        package var labels: [String: String]
        /// Nil: plaintext.
        package var tls: ClientTLSContext?
        /// Goes before everything else; nil: nothing does.
        package var proxyProtocol: ProxyProtocolOutput?

        package init(
            name: String, labels: [String: String] = [:], tls: ClientTLSContext? = nil, proxyProtocol: ProxyProtocolOutput? = nil
        ) {
            self.name = name
            self.labels = labels
            self.tls = tls
            self.proxyProtocol = proxyProtocol
        }
    }

    package var name: String
    package var endpointSource: EndpointSource
    package var balancing: BalancingPolicy
    package var connectTimeout: Duration
    package var circuitLimits: CircuitLimits
    package var outlierPolicy: OutlierPolicy?
    /// Where no `transportMatches` entry fits.
    package var tls: ClientTLSContext?
    /// Likewise.
    package var proxyProtocol: ProxyProtocolOutput?
    /// The first that fits the endpoint.
    package var transportMatches: [TransportMatch]
    package var upstreamProtocol: UpstreamProtocol
    /// Nil: TLS connections are the same for all requests.
    package var peerNaming: PeerNaming?
    /// Nil: no limit.
    package var maxRequestsPerConnection: Int?
    /// Nil: 1 h. Zero: none.
    package var idleTimeout: Duration?
    package var maxConnectionDuration: Duration?
    /// The share of it that is added at most, by chance, so that not all connections end at once.
    package var connectionDurationJitter = 0.0
    /// nil: no probes.
    package var tcpKeepAlive: TCPKeepAlive?
    /// Of one try; nil and zero: no limit.
    package var maxStreamDuration: Duration?
    /// Where it is spoken.
    package var http2: HTTP2Options
    /// 0 … 100: below this share of healthy endpoints all of them are used.
    package var panicThreshold: Double
    /// Whether endpoints' `localityWeight` says how much a locality gets.
    package var weighsLocalities: Bool
    /// The mesh service behind the cluster (`istio` metadata).
    package var service: ClusterService?
    package var alternateStatName: String?

    package init(
        name: String, endpointSource: EndpointSource, balancing: BalancingPolicy = .roundRobin,
        connectTimeout: Duration = .seconds(5),
        circuitLimits: CircuitLimits = CircuitLimits(), outlierPolicy: OutlierPolicy? = nil, tls: ClientTLSContext? = nil,
        proxyProtocol: ProxyProtocolOutput? = nil,
        transportMatches: [TransportMatch] = [], upstreamProtocol: UpstreamProtocol = .http1, maxRequestsPerConnection: Int? = nil,
        idleTimeout: Duration? = nil, maxConnectionDuration: Duration? = nil, maxStreamDuration: Duration? = nil,
        http2: HTTP2Options = HTTP2Options(), panicThreshold: Double = 50, weighsLocalities: Bool = false,
        service: ClusterService? = nil, alternateStatName: String? = nil
    ) {
        self.name = name
        self.endpointSource = endpointSource
        self.balancing = balancing
        self.connectTimeout = connectTimeout
        self.circuitLimits = circuitLimits
        self.outlierPolicy = outlierPolicy
        self.tls = tls
        self.proxyProtocol = proxyProtocol
        self.transportMatches = transportMatches
        self.upstreamProtocol = upstreamProtocol
        self.maxRequestsPerConnection = maxRequestsPerConnection
        self.idleTimeout = idleTimeout
        self.maxConnectionDuration = maxConnectionDuration
        self.maxStreamDuration = maxStreamDuration
        self.http2 = http2
        self.panicThreshold = panicThreshold
        self.weighsLocalities = weighsLocalities
        self.service = service
        self.alternateStatName = alternateStatName
    }

    /// TLS towards one endpoint; nil: plaintext.
    package func tls(for endpoint: Endpoint) -> ClientTLSContext? {
        let context = if let match = transportMatch(of: endpoint) { match.tls } else { tls }
        return context?.resolved(for: endpoint)
    }

    /// What connections to one endpoint begin with; nil: nothing.
    package func proxyProtocol(for endpoint: Endpoint) -> ProxyProtocolOutput? {
        if let match = transportMatch(of: endpoint) { match.proxyProtocol } else { proxyProtocol }
    }

    private func transportMatch(of endpoint: Endpoint) -> TransportMatch? {
        transportMatches.first { $0.labels.allSatisfy { endpoint.transportLabels[$0.key] == $0.value } }
    }
}

/// A service of the mesh, as metrics name it.
package struct ClusterService: Sendable, Hashable {
    package var host: String
    package var name: String
    package var namespace: String

    package init(host: String, name: String, namespace: String) {
        self.host = host
        self.name = name
        self.namespace = namespace
    }
}
