// SPDX-License-Identifier: Apache-2.0

/// What listeners do with doubtful names and paths, with hosts and ports, and what they tell of requests.
extension BootstrapFile {
    static let refusing = """
                  common_http_protocol_options: {headers_with_underscores_action: REJECT_REQUEST}
                  path_with_escaped_slashes_action: REJECT_REQUEST
                  strip_any_host_port: true
                  always_set_request_id_in_response: true
                  http_protocol_options: {accept_http_10: true, default_host_for_http_10: ten.test}
        """

    static let redirecting = """
                  common_http_protocol_options: {headers_with_underscores_action: DROP_HEADER}
                  path_with_escaped_slashes_action: UNESCAPE_AND_REDIRECT
                  normalize_path: true
                  merge_slashes: true
                  use_remote_address: true
                  skip_xff_append: true
                  preserve_external_request_id: true
        """

    static let unescaping = """
                  path_with_escaped_slashes_action: UNESCAPE_AND_FORWARD
                  merge_slashes: true
        """

    static let doubtHosts = """
                    - name: secure
                      domains: ["secure.test", "secure.test:*"]
                      require_tls: ALL
                      response_headers_to_add: [{header: {key: x-answered, value: host}}]
                      routes: [{match: {prefix: "/"}, route: {cluster: up}}]
                    - name: outside
                      domains: ["outside.test"]
                      require_tls: EXTERNAL_ONLY
                      routes: [{match: {prefix: "/"}, route: {cluster: up}}]
                    - name: told
                      domains: ["told.test"]
                      include_attempt_count_in_response: true
                      include_request_attempt_count: true
                      request_headers_to_add:
                      - {header: {key: x-route, value: "%ROUTE_NAME% %PROTOCOL%"}}
                      - {header: {key: x-either, value: "%REQ(x-none?user-agent)%"}}
                      - {header: {key: x-none, value: "%DOWNSTREAM_TLS_VERSION%"}}
                      - {header: {key: x-cut, value: "%REQ(user-agent):3%"}}
                      - {header: {key: x-literal, value: "100%%"}}
                      - {header: {key: x-century, value: "%START_TIME(%Y)% %REQ(:method)%"}}
                      response_headers_to_add:
                      - {header: {key: x-code, value: "%RESPONSE_CODE% %RESPONSE_FLAGS% %RESPONSE_CODE_DETAILS%"}}
                      - {header: {key: x-type, value: "%RESP(content-type)%"}}
                      - {header: {key: x-cluster, value: "%UPSTREAM_CLUSTER% %REQ(:path)%"}}
                      routes:
                      - name: rewritten
                        match: {prefix: "/rewrite"}
                        route: {cluster: up, host_rewrite_literal: new.test, append_x_forwarded_host: true, prefix_rewrite: /new}
                      - name: down
                        match: {prefix: "/down"}
                        route: {cluster: down}
                      - {name: direct, match: {prefix: "/direct"}, direct_response: {status: 203, body: {inline_string: b}}}
                      - {name: rest, match: {prefix: "/"}, route: {cluster: up}}
                    - {name: all, domains: ["*"], routes: [{match: {prefix: "/"}, route: {cluster: up}}]}
        """
}
