// SPDX-License-Identifier: Apache-2.0

/// An upstream of HTTP/2, and no HTTP at all.
extension BootstrapFile {
    static func http2Cluster(_ name: String, _ port: Int) -> String {
        """
        \(Self.cluster(name, port))
            typed_extension_protocol_options:
              envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                explicit_http_config: {http2_protocol_options: {}}
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
