// SPDX-License-Identifier: Apache-2.0

/// Retries, conditions of routes, edits of headers, authorization and faults.
extension BootstrapFile {
    static let retryTokens = [
        "5xx", "gateway-error", "reset", "connect-failure", "retriable-4xx", "retriable-status-codes", "retriable-headers",
        "refused-stream", "envoy-ratelimited",
    ]

    static var retryHosts: String {
        let routes = Self.retryTokens.map { token in
            """
                          - match: {prefix: /\(token)/}
                            route:
                              cluster: up
                              retry_policy:
                                retry_on: \(token)
                                num_retries: 2
                                retriable_status_codes: [418]
                                retriable_headers: [{name: x-again, present_match: true}]
            """
        }
        return """
                        - name: all
                          domains: ["*"]
                          include_request_attempt_count: true
                          routes:
            \(routes.joined(separator: "\n"))
                          - match: {prefix: /down}
                            route: {cluster: down, retry_policy: {retry_on: connect-failure, num_retries: 1}}
                          - match: {prefix: /none}
                            route: {cluster: up, retry_policy: {retry_on: 5xx, num_retries: 0}}
                          - match: {prefix: /late}
                            route: {cluster: up, timeout: 0.3s}
            """
    }

    /// By name: what the header `x-k` must be.
    static let conditions: [(name: String, yaml: String)] = [
        ("exact", "string_match: {exact: a}"), ("prefix", "string_match: {prefix: a}"), ("suffix", "string_match: {suffix: a}"),
        ("contains", "string_match: {contains: a}"), ("regex", "string_match: {safe_regex: {regex: \"a+\"}}"),
        ("joined", "string_match: {exact: \"z,a\"}"), ("caseless", "string_match: {exact: A, ignore_case: true}"),
        ("range", "range_match: {start: 5, end: 10}"), ("below-zero", "range_match: {start: -5, end: 0}"),
        ("present", "present_match: true"), ("absent", "present_match: false"),
        ("not-present", "present_match: true, invert_match: true"), ("not-absent", "present_match: false, invert_match: true"),
        ("not-exact", "string_match: {exact: a}, invert_match: true"),
        ("not-prefix", "string_match: {prefix: a}, invert_match: true"),
        ("not-range", "range_match: {start: 5, end: 10}, invert_match: true"),
        ("empty-exact", "string_match: {prefix: \"a\"}, treat_missing_header_as_empty: true"),
        ("not-empty", "string_match: {exact: a}, invert_match: true, treat_missing_header_as_empty: true"),
    ]

    static var conditionHosts: String {
        let routes = Self.conditions.map { name, yaml in
            """
                          - match: {prefix: /header/\(name)., headers: [{name: x-k, \(yaml)}]}
                            direct_response: {status: 200, body: {inline_string: holds}}
            """
        }
        return """
                        - name: all
                          domains: ["*"]
                          request_headers_to_add:
                          - {header: {key: x-from, value: "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%"}}
                          - {header: {key: x-said, value: "<%REQ(x-k)%>"}}
                          response_headers_to_add: [{header: {key: x-host, value: "1"}}]
                          routes:
            \(routes.joined(separator: "\n"))
                          - match: {prefix: /query, query_parameters: [{name: a, string_match: {prefix: "1"}}, {name: b, present_match: true}]}
                            direct_response: {status: 200, body: {inline_string: both}}
                          - match: {prefix: /query, query_parameters: [{name: c, string_match: {safe_regex: {regex: "[0-9]+"}}}]}
                            direct_response: {status: 200, body: {inline_string: digits}}
                          - match: {prefix: /never, runtime_fraction: {default_value: {numerator: 0}}}
                            direct_response: {status: 200, body: {inline_string: never}}
                          - match: {prefix: /always, runtime_fraction: {default_value: {numerator: 100}}}
                            direct_response: {status: 200, body: {inline_string: always}}
                          - match: {prefix: /grpc, grpc: {}}
                            direct_response: {status: 200, body: {inline_string: grpc}}
                          - match: {path: /exact}
                            route: {cluster: up, prefix_rewrite: "/other?x=1"}
                          - match: {path_separated_prefix: /part/of}
                            route: {cluster: up, prefix_rewrite: /whole}
                          - match: {prefix: /capital, case_sensitive: false}
                            route: {cluster: up, prefix_rewrite: /small}
                          - match: {prefix: /regex}
                            route: {cluster: up, regex_rewrite: {pattern: {regex: "([a-z])([0-9])"}, substitution: "\\\\2-\\\\1"}}
                          - match: {prefix: /weighted}
                            route:
                              weighted_clusters:
                                clusters:
                                - {name: down, weight: 0}
                                - name: up
                                  weight: 100
                                  request_headers_to_add: [{header: {key: x-cluster, value: up}}]
                                  response_headers_to_add: [{header: {key: x-answered-by, value: up}}]
                                  request_headers_to_remove: [x-k]
                          - match: {prefix: /edit}
                            request_headers_to_add:
                            - {header: {key: x-k, value: added}, append_action: APPEND_IF_EXISTS_OR_ADD}
                            - {header: {key: x-new, value: new}, append_action: ADD_IF_ABSENT}
                            - {header: {key: x-only, value: only}, append_action: OVERWRITE_IF_EXISTS}
                            - {header: {key: x-over, value: over}, append_action: OVERWRITE_IF_EXISTS_OR_ADD}
                            response_headers_to_add:
                            - {header: {key: x-a, value: added}, append_action: APPEND_IF_EXISTS_OR_ADD}
                            - {header: {key: x-b, value: new}, append_action: ADD_IF_ABSENT}
                            - {header: {key: content-type, value: text/html}, append_action: OVERWRITE_IF_EXISTS}
                            response_headers_to_remove: [x-host]
                            route: {cluster: up}
                          - match: {prefix: /moved}
                            redirect: {regex_rewrite: {pattern: {regex: "^/moved/(.*)$"}, substitution: "/to/\\\\1"}, response_code: TEMPORARY_REDIRECT}
                          - match: {prefix: /scheme}
                            redirect: {scheme_redirect: ftp, host_redirect: new.test, port_redirect: 21}
                          - match: {prefix: /created}
                            direct_response: {status: 201}
                          - match: {prefix: /long}
                            direct_response: {status: 404, body: {inline_string: "\(String(repeating: "x", count: 3000))"}}
            """
    }

    static let ruleFilters = """
                  - name: rbac
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.http.rbac.v3.RBAC
                      rules:
                        action: ALLOW
                        policies:
                          paths:
                            permissions:
                            - or_rules:
                                rules:
                                - url_path: {path: {exact: /open}}
                                - url_path: {path: {safe_regex: {regex: "/item/[0-9]+"}}}
                                - url_path: {path: {suffix: .html}}
                            principals: [{any: true}]
                          get:
                            permissions:
                            - and_rules:
                                rules:
                                - header: {name: ":method", string_match: {exact: GET}}
                                - url_path: {path: {prefix: /get}}
                                - not_rule: {header: {name: x-no, present_match: true}}
                            principals: [{direct_remote_ip: {address_prefix: 127.0.0.0, prefix_len: 8}}]
                          from:
                            permissions: [{url_path: {path: {prefix: /from}}}]
                            principals:
                            - and_ids: {ids: [{remote_ip: {address_prefix: 127.0.0.1, prefix_len: 32}}, {header: {name: x-who, string_match: {prefix: me}}}]}
                          elsewhere:
                            permissions: [{url_path: {path: {prefix: /elsewhere}}}]
                            principals: [{direct_remote_ip: {address_prefix: 10.0.0.0, prefix_len: 8}}]
                          named:
                            permissions: [{url_path: {path: {prefix: /named}}}]
                            principals: [{authenticated: {}}]
                          slow:
                            permissions: [{url_path: {path: {prefix: /fault}}}]
                            principals: [{any: true}]
                  - name: fault
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.http.fault.v3.HTTPFault
                      headers: [{name: x-fault, string_match: {exact: abort}}]
                      abort: {http_status: 503, percentage: {numerator: 100}}
                  - name: grpcfault
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.http.fault.v3.HTTPFault
                      headers: [{name: x-fault, string_match: {exact: grpc}}]
                      abort: {grpc_status: 14, percentage: {numerator: 100}}
                  - name: delay
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.http.fault.v3.HTTPFault
                      headers: [{name: x-fault, string_match: {exact: delay}}]
                      delay: {fixed_delay: 0.05s, percentage: {numerator: 100}}
                      abort: {http_status: 429, percentage: {numerator: 100}}
        """
}
