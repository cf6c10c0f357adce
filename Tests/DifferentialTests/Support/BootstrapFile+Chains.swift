// SPDX-License-Identifier: Apache-2.0

/// An upstream of HTTP/2, and no HTTP at all.
extension BootstrapFile {
    static func http2Cluster(_ name: String, _ port: Int, options: String = "") -> String {
        """
        \(Self.cluster(name, port))
            typed_extension_protocol_options:
              envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                explicit_http_config: {http2_protocol_options: {}}
                \(options)
        """
    }

    /// What a request may be asked again for, by the first part of its path. Each has an upstream connection of its own, so that the
    /// end of one is no other's.
    static let endingTokens = ["none", "refused-stream", "reset", "reset-before-request", "connect-failure", "5xx"]

    static var endingHosts: String {
        let routes = Self.endingTokens.map { token in
            """
                          - match: {prefix: /\(token)/}
                            route:
                              cluster: up2once
            \(token == "none" ? "" : "                  retry_policy: {retry_on: \(token), num_retries: 1}")
            """
        }
        return """
                        - name: all
                          domains: ["*"]
                          include_request_attempt_count: true
                          routes:
            \(routes.joined(separator: "\n"))
            """
    }

    static func tcpListener(_ name: String, to destination: String) -> String {
        """
          - name: \(name)
            address: {socket_address: {address: 127.0.0.1, port_value: 0}}
            filter_chains:
            - filters:
              - name: tcp
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy
                  stat_prefix: \(name)
                  \(destination)
        """
    }
}
