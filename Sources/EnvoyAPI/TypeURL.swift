// SPDX-License-Identifier: Apache-2.0

/// The type URLs of the resources and extensions that both planes speak about.
package enum TypeURL {
    package static let prefix = "type.googleapis.com/"

    // Resources, in the order in which they are pushed.
    package static let cluster = prefix + "envoy.config.cluster.v3.Cluster"
    package static let endpoints = prefix + "envoy.config.endpoint.v3.ClusterLoadAssignment"
    package static let listener = prefix + "envoy.config.listener.v3.Listener"
    package static let routes = prefix + "envoy.config.route.v3.RouteConfiguration"
    package static let secret = prefix + "envoy.extensions.transport_sockets.tls.v3.Secret"

    /// Make before break: clusters and their endpoints exist before a listener or a route names them.
    package static let pushOrder = [cluster, endpoints, listener, routes, secret]

    // Extensions that stand inside resources.
    package static let httpConnectionManager =
        prefix + "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"
    package static let tcpProxy = prefix + "envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy"
    package static let networkRBAC = prefix + "envoy.extensions.filters.network.rbac.v3.RBAC"
    package static let router = prefix + "envoy.extensions.filters.http.router.v3.Router"
    package static let httpFault = prefix + "envoy.extensions.filters.http.fault.v3.HTTPFault"
    package static let httpRBAC = prefix + "envoy.extensions.filters.http.rbac.v3.RBAC"
    package static let httpRBACPerRoute = prefix + "envoy.extensions.filters.http.rbac.v3.RBACPerRoute"
    package static let cors = prefix + "envoy.extensions.filters.http.cors.v3.Cors"
    package static let corsPolicy = prefix + "envoy.extensions.filters.http.cors.v3.CorsPolicy"
    package static let localRateLimit = prefix + "envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit"
    package static let headerMutation = prefix + "envoy.extensions.filters.http.header_mutation.v3.HeaderMutation"
    package static let headerMutationPerRoute =
        prefix + "envoy.extensions.filters.http.header_mutation.v3.HeaderMutationPerRoute"
    /// What a route says to a filter, with whether it is there at all.
    package static let filterConfig = prefix + "envoy.config.route.v3.FilterConfig"
    package static let tlsInspector = prefix + "envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector"
    package static let httpInspector = prefix + "envoy.extensions.filters.listener.http_inspector.v3.HttpInspector"
    package static let originalDestination = prefix + "envoy.extensions.filters.listener.original_dst.v3.OriginalDst"
    package static let proxyProtocol = prefix + "envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol"
    package static let upstreamProxyProtocol =
        prefix + "envoy.extensions.transport_sockets.proxy_protocol.v3.ProxyProtocolUpstreamTransport"
    package static let upstreamTLSContext = prefix + "envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext"
    package static let downstreamTLSContext = prefix + "envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext"
    package static let rawBuffer = prefix + "envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer"
    package static let httpProtocolOptions = prefix + "envoy.extensions.upstreams.http.v3.HttpProtocolOptions"
    package static let fileAccessLog = prefix + "envoy.extensions.access_loggers.file.v3.FileAccessLog"
    package static let stdoutAccessLog = prefix + "envoy.extensions.access_loggers.stream.v3.StdoutAccessLog"
    package static let stderrAccessLog = prefix + "envoy.extensions.access_loggers.stream.v3.StderrAccessLog"
    package static let previousHosts = prefix + "envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate"

    // How a cluster balances.
    private static let balancing = prefix + "envoy.extensions.load_balancing_policies."
    package static let roundRobin = balancing + "round_robin.v3.RoundRobin"
    package static let leastRequest = balancing + "least_request.v3.LeastRequest"
    package static let random = balancing + "random.v3.Random"
    package static let ringHash = balancing + "ring_hash.v3.RingHash"
    package static let maglev = balancing + "maglev.v3.Maglev"
    package static let clusterProvided = balancing + "cluster_provided.v3.ClusterProvided"
}
