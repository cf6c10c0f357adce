// SPDX-License-Identifier: Apache-2.0

/// Listeners and clusters whose counters are compared.
enum CounterBootstrap {
    private static let filters = "type.googleapis.com/envoy.extensions.filters"
    private static let upstreams = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions"

    /// - Parameter certificate: Files of a certificate and its key; nil: no listener speaks TLS.
    static func text(upstream: Int, closed: Int, certificate: (chain: String, key: String)?) -> String {
        """
        admin: {address: {socket_address: {address: 127.0.0.1, port_value: 0}}}
        static_resources:
          clusters:
        \(Self.cluster("up", upstream))
        \(Self.cluster("down", closed))
        \(Self.cluster("full", upstream, "circuit_breakers: {thresholds: [{max_pending_requests: 0}]}"))
        \(Self.cluster("fullrq", upstream, "circuit_breakers: {thresholds: [{max_requests: 0}]}"))
        \(Self.cluster("spent", upstream, Self.options("max_requests_per_connection: 1")))
        \(Self.cluster("idle", upstream, Self.options("idle_timeout: 0.2s")))
        \(Self.cluster("out", upstream, "outlier_detection: {consecutive_5xx: 2, always_eject_one_host: true}"))
          - {name: empty, type: STATIC, connect_timeout: 1s, load_assignment: {cluster_name: empty}}
          listeners:
        \(Self.listener("http", Self.manager("in:gress", "{}")))
        \(Self.listener("timed", Self.manager("timed", "{max_requests_per_connection: 2}", Self.times)))
        \(Self.listener("tcp", Self.tcp("tcpx", "up")))
        \(Self.listener("tcpdown", Self.tcp("tcpd", "down")))
        \(Self.listener("tcpnone", Self.tcp("tcpn", "empty")))
        \(Self.listener("chainless", "filter_chain_match: {destination_port: 1}\n      \(Self.tcp("never", "up"))", Self.inspected))
        \(certificate.map { Self.listener("tls", "\(Self.manager("secure", "{}"))\n      \(Self.secure($0))") } ?? "")
        """
    }

    private static func cluster(_ name: String, _ port: Int, _ options: String = "lb_policy: ROUND_ROBIN")
        -> String
    {
        """
          - name: \(name)
            type: STATIC
            connect_timeout: 1s
            \(options)
            load_assignment:
              cluster_name: \(name)
              endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: \(port)}}}}]}]
        """
    }

    private static func options(_ text: String) -> String {
        "typed_extension_protocol_options: {\(Self.upstreams): {\"@type\": type.googleapis.com/\(Self.upstreams), "
            + "common_http_protocol_options: {\(text)}, explicit_http_config: {http_protocol_options: {}}}}"
    }

    private static let times =
        "request_timeout: 0.2s, request_headers_timeout: 0.1s, drain_timeout: 0.1s, stream_idle_timeout: 0.4s, "

    private static let inspected =
        "listener_filters_timeout: 0.2s\n    listener_filters: [{name: i, typed_config: "
        + "{\"@type\": \(Self.filters).listener.tls_inspector.v3.TlsInspector}}]"

    private static func listener(_ name: String, _ chain: String, _ options: String = "per_connection_buffer_limit_bytes: 1048576")
        -> String
    {
        """
          - name: \(name)
            stat_prefix: \(name)x
            address: {socket_address: {address: 127.0.0.1, port_value: 0}}
            \(options)
            filter_chains:
            - \(chain)
        """
    }

    private static func tcp(_ prefix: String, _ cluster: String) -> String {
        "filters: [{name: t, typed_config: {\"@type\": \(Self.filters).network.tcp_proxy.v3.TcpProxy, "
            + "stat_prefix: \(prefix), cluster: \(cluster), idle_timeout: 0.5s}}]"
    }

    private static func manager(_ prefix: String, _ common: String, _ options: String = "") -> String {
        let routes = [
            Self.route("/down", "cluster: down"), Self.route("/empty", "cluster: empty"), Self.route("/missing", "cluster: nobody"),
            "{match: {prefix: /redirect}, redirect: {path_redirect: /x}}",
            "{match: {prefix: /direct}, direct_response: {status: 200, body: {inline_string: hi}}}",
            Self.route("/late", "cluster: up, timeout: 0.1s"),
            Self.route("/retry", "cluster: up, retry_policy: {retry_on: \"5xx\", num_retries: 2, per_try_timeout: 0.2s}"),
            Self.route("/fullrq", "cluster: fullrq"), Self.route("/full", "cluster: full"), Self.route("/spent", "cluster: spent"),
            Self.route("/idle", "cluster: idle"), Self.route("/out", "cluster: out"), Self.route("/up", "cluster: up"),
        ]
        return "filters: [{name: h, typed_config: {\"@type\": "
            + "\(Self.filters).network.http_connection_manager.v3.HttpConnectionManager, stat_prefix: \"\(prefix)\", "
            + "upgrade_configs: [{upgrade_type: websocket}], normalize_path: true, delayed_close_timeout: 0s, \(options)"
            + "common_http_protocol_options: \(common), "
            + "http_filters: [{name: r, typed_config: {\"@type\": \(Self.filters).http.router.v3.Router}}], "
            + "route_config: {name: r, validate_clusters: false, virtual_hosts: [{name: v, domains: [\"*\"], "
            + "include_request_attempt_count: true, routes: [\(routes.joined(separator: ", "))]}]}}}]"
    }

    private static func route(_ prefix: String, _ action: String) -> String {
        "{match: {prefix: \(prefix)}, route: {\(action)}}"
    }

    private static func secure(_ certificate: (chain: String, key: String)) -> String {
        "transport_socket: {name: t, typed_config: {\"@type\": "
            + "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext, common_tls_context: "
            + "{alpn_protocols: [h2, http/1.1], tls_certificates: [{certificate_chain: {filename: \(certificate.chain)}, "
            + "private_key: {filename: \(certificate.key)}}]}}}"
    }
}
