// SPDX-License-Identifier: Apache-2.0

/// The names under which Envoy knows the extensions that stand inside resources, and the metadata keys that both planes read.
package enum ExtensionName {
    package static let httpConnectionManager = "envoy.filters.network.http_connection_manager"
    package static let tcpProxy = "envoy.filters.network.tcp_proxy"
    package static let networkRBAC = "envoy.filters.network.rbac"
    package static let router = "envoy.filters.http.router"
    package static let httpFault = "envoy.filters.http.fault"
    package static let httpRBAC = "envoy.filters.http.rbac"
    package static let cors = "envoy.filters.http.cors"
    package static let tlsInspector = "envoy.filters.listener.tls_inspector"
    package static let tls = "envoy.transport_sockets.tls"
    package static let rawBuffer = "envoy.transport_sockets.raw_buffer"
    package static let upstreamProxyProtocol = "envoy.transport_sockets.upstream_proxy_protocol"
    package static let httpProtocolOptions = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions"
    package static let fileAccessLog = "envoy.access_loggers.file"
    package static let previousHosts = "envoy.retry_host_predicates.previous_hosts"
}

/// Keys of `metadata.filter_metadata`.
package enum MetadataKey {
    /// Istio's own: services of a cluster, configuration of a route, workload of an endpoint.
    package static let istio = "istio"
    /// What an endpoint is known by in rings and tables.
    package static let balancing = "envoy.lb"
    /// Which `transport_socket_matches` of a cluster an endpoint takes.
    package static let transportSocketMatch = "envoy.transport_socket_match"
    /// What only our proxy understands: how a listener reports telemetry.
    package static let telemetry = "malla.telemetry"
}
