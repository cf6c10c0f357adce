// SPDX-License-Identifier: Apache-2.0

/// The files that both proxies are started from. Their listeners have the names of `DifferentialCase.Listener`.
enum BootstrapFile: CaseIterable {
    /// What a request and its answer are.
    case messages
    /// What is to be done with them.
    case rules
    /// Other protocols.
    case chains
    /// Requests that are written in doubtful ways, and what is told of requests.
    case doubts

    func text(upstream: Int, http2: Int, closed: Int) -> String {
        """
        node: {id: differential, cluster: differential}
        admin: {address: {socket_address: {address: 127.0.0.1, port_value: 0}}}
        static_resources:
          clusters:
        \(Self.cluster("up", upstream))
        \(Self.http2Cluster("up2", http2))
        \(Self.http2Cluster("up2once", http2, options: "common_http_protocol_options: {max_requests_per_connection: 1}"))
        \(Self.cluster("down", closed))
          listeners:
        \(self.listeners)
        """
    }

    private var listeners: String {
        switch self {
        case .messages:
            """
            \(Self.listener("plain", options: "", hosts: Self.all))
            \(Self.listener("routes", options: "", hosts: Self.hosts))
            \(Self.listener("options", options: Self.options, hosts: Self.all))
            \(Self.listener("guarded", options: Self.limits, filters: Self.filters, hosts: Self.all))
            \(Self.listener("filtered", options: "", filters: Self.filtered, hosts: Self.filteredHosts))
            """
        case .rules:
            """
            \(Self.listener("retries", options: "", hosts: Self.retryHosts))
            \(Self.listener("conditions", options: "", hosts: Self.conditionHosts))
            \(Self.listener("ruled", options: "", filters: Self.ruleFilters, hosts: Self.all))
            \(Self.listener("forwarded", options: "", filters: Self.clientFilters, hosts: Self.clientHosts))
            \(Self.listener("hops", options: "          xff_num_trusted_hops: 1", filters: Self.clientFilters, hosts: Self.clientHosts))
            \(Self.listener("edge", options: Self.edge, filters: Self.clientFilters, hosts: Self.clientHosts))
            """
        case .chains:
            """
            \(Self.listener("upward", options: "", hosts: Self.all.replacing("cluster: up", with: "cluster: up2")))
            \(Self.listener("ending", options: "", hosts: Self.endingHosts))
            \(Self.tcpListener("tcp", to: "cluster: up"))
            \(Self.tcpListener("weighted", to: "weighted_clusters: {clusters: [{name: up, weight: 3}, {name: up, weight: 1}]}"))
            \(Self.tcpListener("unreachable", to: "cluster: down"))
            """
        case .doubts:
            """
            \(Self.listener("refusing", options: Self.refusing, hosts: Self.doubtHosts))
            \(Self.listener("redirecting", options: Self.redirecting, hosts: Self.doubtHosts))
            \(Self.listener("unescaping", options: Self.unescaping, router: ", suppress_envoy_headers: true", hosts: Self.doubtHosts))
            \(Self.listener("external", options: "          use_remote_address: true", hosts: Self.doubtHosts))
            """
        }
    }

    static func cluster(_ name: String, _ port: Int) -> String {
        """
          - name: \(name)
            type: STATIC
            connect_timeout: 1s
            circuit_breakers: {thresholds: [{max_retries: 1000}]}
            load_assignment:
              cluster_name: \(name)
              endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: \(port)}}}}]}]
        """
    }

    private static func listener(
        _ name: String, options: String, filters: String = "", router: String = "", hosts: String
    ) -> String {
        """
          - name: \(name)
            address: {socket_address: {address: 127.0.0.1, port_value: 0}}
            filter_chains:
            - filters:
              - name: http
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                  stat_prefix: \(name)
                  delayed_close_timeout: 0s
        \(options)
                  http_filters:
        \(filters)
                  - name: router
                    typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router\(router)}
                  route_config:
                    name: \(name)
                    validate_clusters: false
                    virtual_hosts:
        \(hosts)
        """
    }

    private static let all = """
                    - {name: all, domains: ["*"], routes: [{match: {prefix: "/"}, route: {cluster: up}}]}
        """

    /// Upgrades, HTTP/1.0, path normalisation, forwarded headers.
    private static let options = """
                  use_remote_address: true
                  via: v
                  server_name: named
                  server_header_transformation: PASS_THROUGH
                  normalize_path: true
                  merge_slashes: true
                  strip_matching_host_port: true
                  preserve_external_request_id: true
                  http_protocol_options: {accept_http_10: true}
                  upgrade_configs: [{upgrade_type: websocket}]
        """

    private static let edge = """
                  use_remote_address: true
                  xff_num_trusted_hops: 1
        """

    private static let limits = """
                  max_request_headers_kb: 4
                  common_http_protocol_options: {max_headers_count: 12}
                  generate_request_id: false
                  server_header_transformation: APPEND_IF_ABSENT
        """

    private static let filters = """
                  - name: rbac
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.http.rbac.v3.RBAC
                      rules:
                        action: DENY
                        policies:
                          admin:
                            permissions:
                            - and_rules:
                                rules:
                                - url_path: {path: {prefix: "/admin"}}
                                - not_rule: {header: {name: x-role, string_match: {exact: root}}}
                            principals: [{any: true}]
                          method:
                            permissions: [{header: {name: ":method", string_match: {exact: DELETE}}}]
                            principals: [{any: true}]
                  - name: fault
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.http.fault.v3.HTTPFault
                      headers: [{name: x-break, present_match: true}]
                      abort: {http_status: 418, percentage: {numerator: 100}}
        """

    private static let hosts = """
                    - name: exact
                      domains: [exact.test, "exact.test:8080"]
                      routes:
                      - {match: {path: /only}, route: {cluster: up, prefix_rewrite: /rewritten}}
                      - {match: {path: /case, case_sensitive: false}, direct_response: {status: 200, body: {inline_string: case}}}
                    - name: suffix
                      domains: ["*.suffix.test"]
                      routes: [{match: {prefix: "/"}, direct_response: {status: 200, body: {inline_string: suffix}}}]
                    - name: prefix
                      domains: ["prefix.*"]
                      routes: [{match: {prefix: "/"}, direct_response: {status: 200, body: {inline_string: prefix}}}]
                    - name: longest
                      domains: ["*.longest.suffix.test"]
                      routes: [{match: {prefix: "/"}, direct_response: {status: 200, body: {inline_string: longest}}}]
                    - name: all
                      domains: ["*"]
                      include_request_attempt_count: true
                      request_headers_to_add: [{header: {key: x-host, value: all}}]
                      response_headers_to_add: [{header: {key: x-answered, value: host}}]
                      routes:
                      - match: {prefix: /rewrite/}
                        route: {cluster: up, prefix_rewrite: /}
                      - match: {safe_regex: {regex: "/regex/[0-9]+"}}
                        route: {cluster: up, regex_rewrite: {pattern: {regex: "^/regex/([0-9]+)$"}, substitution: "/n\\\\1"}}
                      - match: {path_separated_prefix: /segment}
                        direct_response: {status: 200, body: {inline_string: segment}}
                      - match: {prefix: /host}
                        route: {cluster: up, host_rewrite_literal: other.test}
                      - match: {prefix: /headers, headers: [{name: x-kind, string_match: {exact: a}}]}
                        direct_response: {status: 200, body: {inline_string: exact}}
                      - match: {prefix: /headers, headers: [{name: x-kind, string_match: {prefix: b}}]}
                        direct_response: {status: 200, body: {inline_string: prefix}}
                      - match: {prefix: /headers, headers: [{name: x-kind, string_match: {safe_regex: {regex: "c+"}}}]}
                        direct_response: {status: 200, body: {inline_string: regex}}
                      - match: {prefix: /headers, headers: [{name: x-number, range_match: {start: 5, end: 10}}]}
                        direct_response: {status: 200, body: {inline_string: range}}
                      - match: {prefix: /headers, headers: [{name: x-here, present_match: true}]}
                        direct_response: {status: 200, body: {inline_string: present}}
                      - match: {prefix: /headers, headers: [{name: x-not, string_match: {exact: a}, invert_match: true}]}
                        direct_response: {status: 200, body: {inline_string: inverted}}
                      - match: {prefix: /method, headers: [{name: ":method", string_match: {exact: POST}}]}
                        direct_response: {status: 201, body: {inline_string: posted}}
                      - match: {prefix: /query, query_parameters: [{name: a, string_match: {exact: "1"}}]}
                        direct_response: {status: 200, body: {inline_string: one}}
                      - match: {prefix: /query, query_parameters: [{name: b}]}
                        direct_response: {status: 200, body: {inline_string: b}}
                      - match: {prefix: /direct/204}
                        direct_response: {status: 204}
                      - match: {prefix: /direct/503}
                        direct_response: {status: 503, body: {inline_string: "busy"}}
                      - match: {prefix: /redirect/host}
                        redirect: {host_redirect: new.test, response_code: FOUND}
                      - match: {prefix: /redirect/path}
                        redirect: {path_redirect: /target, response_code: PERMANENT_REDIRECT}
                      - match: {prefix: /redirect/query}
                        redirect: {path_redirect: "/target?z=1", strip_query: true}
                      - match: {prefix: /redirect/https}
                        redirect: {https_redirect: true, response_code: TEMPORARY_REDIRECT}
                      - match: {prefix: /redirect/port}
                        redirect: {port_redirect: 8443, response_code: SEE_OTHER}
                      - match: {prefix: /redirect/prefix/}
                        redirect: {prefix_rewrite: /other/}
                      - match: {prefix: /change}
                        request_headers_to_add:
                        - {header: {key: x-add, value: one}, append_action: APPEND_IF_EXISTS_OR_ADD}
                        - {header: {key: x-set, value: two}, append_action: OVERWRITE_IF_EXISTS_OR_ADD}
                        - {header: {key: x-new, value: three}, append_action: ADD_IF_ABSENT}
                        request_headers_to_remove: [x-remove]
                        response_headers_to_add:
                        - {header: {key: x-out, value: route}, append_action: APPEND_IF_EXISTS_OR_ADD}
                        response_headers_to_remove: [content-type]
                        route: {cluster: up}
                      - match: {prefix: /down}
                        route: {cluster: down}
                      - match: {prefix: /missing}
                        route: {cluster: nobody}
                      - match: {prefix: /missing-404}
                        route: {cluster: nobody, cluster_not_found_response_code: NOT_FOUND}
                      - match: {prefix: /retry}
                        route: {cluster: up, retry_policy: {retry_on: "5xx", num_retries: 1}}
                      - match: {prefix: /timeout}
                        route: {cluster: up, timeout: 7s}
                      - match: {prefix: /no-timeout}
                        route: {cluster: up, timeout: 0s}
                      - match: {prefix: /up}
                        route: {cluster: up}
        """
}
