// SPDX-License-Identifier: Apache-2.0

/// A listener with filters to which routes speak: CORS, limits, edits, rules, faults.
extension BootstrapFile {
    static let filtered = """
                  - name: rbac
                    typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.rbac.v3.RBAC}
                  - name: fault
                    typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.fault.v3.HTTPFault}
                  - name: cors
                    typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.cors.v3.Cors}
                  - name: limit
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit
                      stat_prefix: l
                  - name: edits
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.http.header_mutation.v3.HeaderMutation
                      mutations:
                        request_mutations:
                        - {append: {header: {key: x-in, value: filter}}}
                        - {remove: x-gone}
                        - {remove_on_match: {key_matcher: {prefix: x-old-}}}
                        response_mutations:
                        - {append: {header: {key: x-out, value: filter}}}
                  - name: sleeping
                    disabled: true
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.http.header_mutation.v3.HeaderMutation
                      mutations:
                        request_mutations: [{append: {header: {key: x-awake, value: filter}}}]
                        response_mutations: [{append: {header: {key: x-awake, value: filter}}}]
        """

    private static let policy = "\"@type\": type.googleapis.com/envoy.extensions.filters.http.cors.v3.CorsPolicy"
    private static let limit = "\"@type\": type.googleapis.com/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit"
    private static let edits =
        "\"@type\": type.googleapis.com/envoy.extensions.filters.http.header_mutation.v3.HeaderMutationPerRoute"
    private static let filterConfig = "\"@type\": type.googleapis.com/envoy.config.route.v3.FilterConfig"
    private static let always = "{default_value: {numerator: 100}}"
    private static let never = "{default_value: {numerator: 0}}"
    /// Who is known by name has two tokens, everybody together five.
    private static let names: String = {
        let names = [
            "{key: user, value: a}", "{key: user, value: b}", "{key: generic_key, value: all}, {key: plan, value: free}",
            "{key: generic_key, value: staged}", "{key: header_match, value: bot}",
            "{key: destination_cluster, value: up}, {key: query_match, value: big}",
            "{key: remote_address, value: 9.8.7.6}, {key: client, value: c}",
            "{key: masked_remote_address, value: 9.0.0.0/8}, {key: net, value: mine}",
            "{key: source_cluster, value: \"differential\"}, {key: header_match, value: \"no\"}",
        ]
        let tokens = "token_bucket: {max_tokens: 2, tokens_per_fill: 1, fill_interval: 7200s}"
        let descriptors = names.map { "{entries: [\($0)], \(tokens)}" }.joined(separator: ", ")
        return "token_bucket: {max_tokens: 5, tokens_per_fill: 1, fill_interval: 3600s}, filter_enabled: \(always), "
            + "filter_enforced: \(always), enable_x_ratelimit_headers: DRAFT_VERSION_03, descriptors: [\(descriptors)]"
    }()

    private static let bucket = "{max_tokens: 1, tokens_per_fill: 1, fill_interval: 3600s}"

    static let filteredHosts = """
                    - name: filtered
                      domains: ["*"]
                      response_headers_to_add: [{header: {key: x-answered, value: host}}]
                      rate_limits: [{actions: [{request_headers: {header_name: x-host-user, descriptor_key: user}}]}]
                      typed_per_filter_config:
                        cors: {\(policy), allow_methods: "GET,PUT", expose_headers: x-e, allow_credentials: true}
                      routes:
                      - match: {path: /cors}
                        route: {cluster: up}
                        typed_per_filter_config:
                          cors: {\(policy), allow_origin_string_match: [{exact: "https://a"}, {suffix: .b}], allow_headers: "*", max_age: "9"}
                      - match: {path: /cors-strict}
                        route: {cluster: up}
                        typed_per_filter_config:
                          cors:
                            \(policy)
                            allow_origin_string_match: [{safe_regex: {regex: "https://[a-z]+"}}]
                            allow_methods: "*"
                            allow_private_network_access: true
                            forward_not_matching_preflights: false
                      - match: {path: /cors-shadow}
                        route: {cluster: up}
                        typed_per_filter_config:
                          cors: {\(policy), allow_origin_string_match: [{prefix: h}], filter_enabled: \(never), shadow_enabled: \(always)}
                      - match: {path: /cors-direct}
                        direct_response: {status: 200, body: {inline_string: direct}}
                        typed_per_filter_config:
                          cors: {\(policy), allow_origin_string_match: [{exact: "*"}]}
                      - match: {path: /limit}
                        route: {cluster: up}
                        typed_per_filter_config:
                          limit: {\(limit), stat_prefix: a, token_bucket: \(bucket), filter_enabled: \(always), filter_enforced: \(always), response_headers_to_add: [{header: {key: x-limited, value: "1"}}], enable_x_ratelimit_headers: DRAFT_VERSION_03}
                      - match: {path: /limit-status}
                        route: {cluster: up}
                        typed_per_filter_config:
                          limit: {\(limit), stat_prefix: b, status: {code: 503}, token_bucket: \(bucket), filter_enabled: \(always), filter_enforced: \(always)}
                      - match: {path: /limit-watched}
                        route: {cluster: up}
                        typed_per_filter_config:
                          limit: {\(limit), stat_prefix: c, status: {code: 200}, token_bucket: \(bucket), filter_enabled: \(always), request_headers_to_add_when_not_enforced: [{header: {key: x-beyond, value: "1"}}]}
                      - match: {path: /limit-connection}
                        route: {cluster: up}
                        typed_per_filter_config:
                          limit: {\(limit), stat_prefix: d, token_bucket: \(bucket), filter_enabled: \(always), filter_enforced: \(always), local_rate_limit_per_downstream_connection: true}
                      - match: {path: /limit-grpc}
                        route: {cluster: up}
                        typed_per_filter_config:
                          limit: {\(limit), stat_prefix: e, token_bucket: \(bucket), filter_enabled: \(always), filter_enforced: \(always)}
                      - match: {path: /limit-exhausted}
                        route: {cluster: up}
                        typed_per_filter_config:
                          limit: {\(limit), stat_prefix: f, token_bucket: \(bucket), filter_enabled: \(always), filter_enforced: \(always), rate_limited_as_resource_exhausted: true}
                      - match: {prefix: /named/}
                        route:
                          cluster: up
                          rate_limits:
                          - {actions: [{request_headers: {header_name: x-user, descriptor_key: user}}]}
                          - {actions: [{generic_key: {descriptor_value: all}}, {request_headers: {header_name: x-plan, descriptor_key: plan, skip_if_absent: true}}]}
                          - {stage: 1, actions: [{generic_key: {descriptor_value: staged}}]}
                          - {actions: [{header_value_match: {descriptor_value: bot, headers: [{name: user-agent, string_match: {contains: bot}}]}}]}
                          - {actions: [{destination_cluster: {}}, {query_parameter_value_match: {descriptor_value: big, query_parameters: [{name: big}]}}]}
                        typed_per_filter_config: {limit: {\(limit), stat_prefix: nn, \(names)}}
                      - match: {path: /named-client}
                        route:
                          cluster: up
                          rate_limits:
                          - {actions: [{remote_address: {}}, {request_headers: {header_name: x-client, descriptor_key: client}}]}
                          - {actions: [{masked_remote_address: {v4_prefix_mask_len: 8}}, {request_headers: {header_name: x-net, descriptor_key: net}}]}
                        typed_per_filter_config: {limit: {\(limit), stat_prefix: u, \(names)}}
                      - match: {path: /named-source}
                        route:
                          cluster: up
                          rate_limits:
                          - {actions: [{source_cluster: {}}, {header_value_match: {descriptor_value: "no", expect_match: false, headers: [{name: x-own}]}}]}
                        typed_per_filter_config: {limit: {\(limit), stat_prefix: v, \(names)}}
                      - match: {path: /named-alone}
                        route: {cluster: up, rate_limits: [{actions: [{request_headers: {header_name: x-user, descriptor_key: user}}]}]}
                        typed_per_filter_config: {limit: {\(limit), stat_prefix: o, always_consume_default_token_bucket: false, \(names)}}
                      - match: {path: /named-host}
                        route: {cluster: up}
                        typed_per_filter_config: {limit: {\(limit), stat_prefix: p, \(names)}}
                      - match: {path: /named-both}
                        route: {cluster: up, include_vh_rate_limits: true, rate_limits: [{actions: [{request_headers: {header_name: x-user, descriptor_key: user}}]}]}
                        typed_per_filter_config: {limit: {\(limit), stat_prefix: q, \(names)}}
                      - match: {path: /named-not-host}
                        route: {cluster: up}
                        typed_per_filter_config: {limit: {\(limit), stat_prefix: r, vh_rate_limits: IGNORE, \(names)}}
                      - match: {path: /named-stage}
                        route: {cluster: up, rate_limits: [{stage: 1, actions: [{request_headers: {header_name: x-user, descriptor_key: user}}]}]}
                        typed_per_filter_config: {limit: {\(limit), stat_prefix: s, stage: 1, \(names)}}
                      - match: {path: /named-here}
                        route: {cluster: up, rate_limits: [{actions: [{generic_key: {descriptor_value: all}}]}]}
                        typed_per_filter_config: {limit: {\(limit), stat_prefix: t, rate_limits: [{actions: [{request_headers: {header_name: x-user, descriptor_key: user}}]}], \(names)}}
                      - match: {path: /chosen}
                        route:
                          weighted_clusters:
                            clusters:
                            - name: up
                              weight: 1
                              response_headers_to_add: [{header: {key: x-chosen, value: "1"}}]
                              typed_per_filter_config:
                                rbac: {"@type": type.googleapis.com/envoy.extensions.filters.http.rbac.v3.RBACPerRoute, rbac: {rules: {action: DENY, policies: {p: {permissions: [{header: {name: x-keep, present_match: true}}], principals: [{any: true}]}}}}}
                                edits: {\(edits), mutations: {request_mutations: [{append: {header: {key: x-in, value: cluster}}}], response_mutations: [{append: {header: {key: x-out, value: cluster}}}]}}
                        typed_per_filter_config:
                          edits: {\(edits), mutations: {request_mutations: [{append: {header: {key: x-in, value: route}}}]}}
                      - match: {path: /edits}
                        route: {cluster: up}
                        typed_per_filter_config:
                          edits:
                            \(edits)
                            mutations:
                              request_mutations:
                              - {append: {header: {key: x-in, value: route}}}
                              - {append: {header: {key: x-set, value: new}, append_action: OVERWRITE_IF_EXISTS_OR_ADD}}
                              - {append: {header: {key: x-empty, value: ""}}}
                              - {append: {header: {key: x-kept, value: ""}, keep_empty_value: true}}
                              response_mutations:
                              - {remove: x-answered}
                              - {append: {header: {key: x-out, value: "route"}, append_action: ADD_IF_ABSENT}}
                              - {append: {header: {key: x-path, value: "%REQ(:PATH)%"}}}
                      - match: {path: /edits-direct}
                        direct_response: {status: 404, body: {inline_string: direct}}
                        typed_per_filter_config:
                          edits: {\(edits), mutations: {response_mutations: [{append: {header: {key: x-out, value: route}}}]}}
                      - match: {path: /denied}
                        route: {cluster: up}
                        typed_per_filter_config:
                          rbac:
                            "@type": type.googleapis.com/envoy.extensions.filters.http.rbac.v3.RBACPerRoute
                            rbac: {rules: {action: ALLOW, policies: {p: {permissions: [{header: {name: x-let, present_match: true}}], principals: [{any: true}]}}}}
                      - match: {path: /broken}
                        route: {cluster: up}
                        typed_per_filter_config:
                          fault:
                            "@type": type.googleapis.com/envoy.extensions.filters.http.fault.v3.HTTPFault
                            abort: {http_status: 418, percentage: {numerator: 100}}
                      - match: {path: /edits-off}
                        route: {cluster: up}
                        typed_per_filter_config: {edits: {\(filterConfig), disabled: true}, cors: {\(filterConfig), disabled: true}}
                      - match: {path: /edits-on}
                        route: {cluster: up}
                        typed_per_filter_config:
                          edits: {\(filterConfig), config: {\(edits), mutations: {request_mutations: [{append: {header: {key: x-in, value: told}}}]}}}
                      - match: {path: /awake}
                        route: {cluster: up}
                        typed_per_filter_config: {sleeping: {\(filterConfig), config: {\(edits)}}}
                      - match: {path: /awake-told}
                        direct_response: {status: 200, body: {inline_string: awake}}
                        typed_per_filter_config:
                          sleeping: {\(edits), mutations: {response_mutations: [{append: {header: {key: x-told, value: route}}}]}}
                      - match: {path: /asleep}
                        route: {cluster: up}
                        typed_per_filter_config: {sleeping: {\(filterConfig), disabled: true}}
                      - match: {path: /cors-on}
                        route: {cluster: up}
                        typed_per_filter_config: {cors: {\(filterConfig), config: {\(policy), allow_origin_string_match: [{exact: "https://a"}]}}}
                      - match: {prefix: /}
                        route: {cluster: up}
        """
}
