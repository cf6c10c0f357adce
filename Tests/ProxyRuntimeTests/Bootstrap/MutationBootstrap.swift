// SPDX-License-Identifier: Apache-2.0

/// A bootstrap with a little of everything, to be changed.
enum MutationBootstrap {
    private static let type = "\"@type\": type.googleapis.com/envoy"

    static let pieces = [Self.listeners, Self.routes, Self.clusters, Self.control]

    static let control = """
        node: {id: a, cluster: b, metadata: {NAMESPACE: default}, locality: {region: r}}
        admin: {address: {socket_address: {address: 127.0.0.1, port_value: 0}}}
        dynamic_resources:
          ads_config: {api_type: DELTA_GRPC, transport_api_version: V3, grpc_services: [{envoy_grpc: {cluster_name: x}, timeout: 1s}]}
          lds_config: {ads: {}, resource_api_version: V3, initial_fetch_timeout: 0s}
          cds_config: {path_config_source: {path: /c}}
        static_resources:
          clusters:
          - &known
            name: x
            type: STATIC
            load_assignment: {cluster_name: x, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: 1}}}}]}]}
          secrets: [{name: s, validation_context: {trusted_ca: {inline_string: "x"}}}]
        malla: {readiness_port: 15021, state_directory: /s}
        """

    static let listeners = """
        static_resources:
          listeners:
          - name: all
            address: {socket_address: {address: 127.0.0.1, port_value: 0}}
            listener_filters_timeout: 1.5s
            listener_filters:
            - {name: t, typed_config: {\(type).extensions.filters.listener.tls_inspector.v3.TlsInspector}}
            - {name: p, typed_config: {\(type).extensions.filters.listener.proxy_protocol.v3.ProxyProtocol, pass_through_tlvs: {match_type: INCLUDE, tlv_type: [224]}}}
            filter_chains:
            - filter_chain_match: {server_names: ["*.a"], prefix_ranges: [{address_prefix: 10.0.0.0, prefix_len: 8}], destination_port: 80}
              filters:
              - name: tcp
                typed_config: {\(type).extensions.filters.network.tcp_proxy.v3.TcpProxy, stat_prefix: s, cluster: c, idle_timeout: 3600s, max_connect_attempts: 3}
            - filters:
              - name: rbac
                typed_config: {\(type).extensions.filters.network.rbac.v3.RBAC, stat_prefix: r, rules: {action: DENY, policies: {p: {permissions: [{destination_port: 81}], principals: [{direct_remote_ip: {address_prefix: "::1", prefix_len: 128}}]}}}}
              - name: tcp
                typed_config: {\(type).extensions.filters.network.tcp_proxy.v3.TcpProxy, stat_prefix: s, weighted_clusters: {clusters: [{name: c, weight: 3}, {name: d, weight: 1}]}}
        """

    static let routes = """
        static_resources:
          listeners:
          - name: http
            address: {socket_address: {address: "::1", port_value: 8080}}
            filter_chains:
            - filters:
              - name: http
                typed_config:
                  \(type).extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                  stat_prefix: h
                  stream_idle_timeout: 300s
                  common_http_protocol_options: {idle_timeout: 10s, max_headers_count: 50, max_requests_per_connection: 1000}
                  http2_protocol_options: {max_concurrent_streams: 100, initial_stream_window_size: 65536, connection_keepalive: {interval: 30s, timeout: 5s}}
                  upgrade_configs: [{upgrade_type: websocket}]
                  access_log:
                  - name: f
                    filter: {status_code_filter: {comparison: {op: GE, value: {default_value: 400, runtime_key: k}}}}
                    typed_config: {\(type).extensions.access_loggers.file.v3.FileAccessLog, path: /dev/null, log_format: {text_format_source: {inline_string: "%REQ(X-A?B):10% %RESPONSE_CODE% %START_TIME(%s.%3f)%\\n"}}}
                  http_filters:
                  - name: rbac
                    typed_config: {\(type).extensions.filters.http.rbac.v3.RBAC, rules: {action: ALLOW, policies: {p: {permissions: [{or_rules: {rules: [{url_path: {path: {safe_regex: {regex: "/[a-z]+(x|y)*"}}}}, {header: {name: ":method", string_match: {exact: GET}}}]}}], principals: [{any: true}]}}}}
                  - name: fault
                    typed_config: {\(type).extensions.filters.http.fault.v3.HTTPFault, delay: {fixed_delay: 0.05s, percentage: {numerator: 10, denominator: TEN_THOUSAND}}, abort: {http_status: 503, percentage: {numerator: 1, denominator: MILLION}}}
                  - name: limit
                    typed_config: {\(type).extensions.filters.http.local_ratelimit.v3.LocalRateLimit, stat_prefix: l, token_bucket: {max_tokens: 10, tokens_per_fill: 5, fill_interval: 1s}, filter_enabled: {default_value: {numerator: 100}}}
                  - name: router
                    typed_config: {\(type).extensions.filters.http.router.v3.Router}
                  route_config:
                    name: r
                    validate_clusters: false
                    virtual_hosts:
                    - name: a
                      domains: ["*.a.test", "b:8080"]
                      routes:
                      - match: {safe_regex: {regex: "/n/([0-9]+)"}, headers: [{name: x, range_match: {start: -5, end: 10}}]}
                        route: {cluster: c, timeout: 1.5s, regex_rewrite: {pattern: {regex: "n/([0-9]+)"}, substitution: "\\\\1"}, hash_policy: [{cookie: {name: k, ttl: 60s, path: /}}]}
                      - match: {prefix: /, runtime_fraction: {default_value: {numerator: 5000, denominator: TEN_THOUSAND}}}
                        route: {weighted_clusters: {clusters: [{name: c, weight: 80}, {name: d, weight: 20}]}, retry_policy: {retry_on: "5xx,reset", num_retries: 3, per_try_timeout: 0.25s, retry_back_off: {base_interval: 0.025s, max_interval: 1s}}}
                      - match: {path_separated_prefix: /p}
                        redirect: {prefix_rewrite: /q, port_redirect: 8443, response_code: FOUND}
                      - match: {path: /d}
                        direct_response: {status: 200, body: {inline_string: x}}
                        response_headers_to_add: [{header: {key: x-b, value: "%UPSTREAM_HOST% %RESP(a)%"}}]
        """

    static let clusters = """
        static_resources:
          clusters:
          - name: c
            type: STRICT_DNS
            connect_timeout: 0.25s
            dns_refresh_rate: 5s
            lb_policy: RING_HASH
            ring_hash_lb_config: {minimum_ring_size: 64, maximum_ring_size: 1024}
            load_assignment: {cluster_name: c, endpoints: [{priority: 0, load_balancing_weight: 2, lb_endpoints: [{endpoint: {address: {socket_address: {address: localhost, port_value: 80}}}, load_balancing_weight: 5}]}, {priority: 1, lb_endpoints: [{health_status: DRAINING, endpoint: {address: {socket_address: {address: localhost, port_value: 81}}}}]}]}
            circuit_breakers: {thresholds: [{max_connections: 10, max_retries: 3, max_requests: 4294967295, retry_budget: {budget_percent: {value: 20.5}, min_retry_concurrency: 3}}]}
            outlier_detection: {consecutive_5xx: 5, interval: 10s, base_ejection_time: 30s, max_ejection_percent: 50, success_rate_stdev_factor: 1900, max_ejection_time: 300s}
            common_lb_config: {healthy_panic_threshold: {value: 12.5}}
            upstream_connection_options: {tcp_keepalive: {keepalive_probes: 3, keepalive_time: 60}}
          - name: d
            type: STATIC
            lb_policy: MAGLEV
            maglev_lb_config: {table_size: 1021}
            load_assignment: {cluster_name: d, endpoints: [{lb_endpoints: [{endpoint: {address: {pipe: {path: /s}}}}]}]}
            transport_socket:
              name: tls
              typed_config:
                \(type).extensions.transport_sockets.tls.v3.UpstreamTlsContext
                sni: a.b
                common_tls_context: {alpn_protocols: [h2], tls_params: {tls_minimum_protocol_version: TLSv1_2, cipher_suites: [ECDHE-RSA-AES128-GCM-SHA256]}, validation_context: {trusted_ca: {filename: /ca.pem}, match_typed_subject_alt_names: [{san_type: URI, matcher: {prefix: "spiffe://"}}]}}
            typed_extension_protocol_options:
              envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                \(type).extensions.upstreams.http.v3.HttpProtocolOptions
                auto_config: {http_protocol_options: {}, http2_protocol_options: {max_concurrent_streams: 10}}
                upstream_http_protocol_options: {auto_sni: true, auto_san_validation: true, override_auto_sni_header: x-name}
                common_http_protocol_options: {idle_timeout: 60s, max_requests_per_connection: 7}
        """
}
