// SPDX-License-Identifier: Apache-2.0

/// A bootstrap for Envoy and for us, with listeners that show what they find out before a chain is chosen.
struct ListenerBootstrap {
    /// The upstreams' names and ports; each says its name first.
    let upstreams: [String: Int]

    private static let type = "type.googleapis.com/envoy.extensions"
    private static let anyPort = "address: {socket_address: {address: 127.0.0.1, port_value: 0}}"
    private static let proxyProtocol = #"{"@type": \#(type).filters.listener.proxy_protocol.v3.ProxyProtocol"#

    private static func chain(_ cluster: String, _ match: String = "") -> String {
        """
        {filter_chain_match: {\(match)}, filters: [{name: t, typed_config: {
          "@type": \(Self.type).filters.network.tcp_proxy.v3.TcpProxy, stat_prefix: t, cluster: \(cluster)}}]}
        """
    }

    private static func listener(_ name: String, filters: [String], chains: [String], more: String = "") -> String {
        let filters = filters.enumerated().map { "{name: f\($0), typed_config: \($1)}" }.joined(separator: ", ")
        return """
              - {name: \(name), \(Self.anyPort), listener_filters_timeout: 0.2s, \(more)
                listener_filters: [\(filters)], filter_chains: [\(chains.joined(separator: ",\n          "))]}
            """
    }

    private func cluster(_ name: String, _ upstream: String, transport: String = "") -> String {
        """
          - {name: \(name), type: STATIC, \(transport) load_assignment: {cluster_name: \(name), endpoints: [{lb_endpoints:
              [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: \(self.upstreams[upstream] ?? 0)}}}}]}]}}
        """
    }

    private static func announcing(_ version: String, _ more: String = "") -> String {
        """
        transport_socket: {name: p, typed_config: {
          "@type": \(Self.type).transport_sockets.proxy_protocol.v3.ProxyProtocolUpstreamTransport,
          config: {version: \(version)\(more)}, transport_socket: {name: r, typed_config: {
          "@type": \(Self.type).transport_sockets.raw_buffer.v3.RawBuffer}}}},
        """
    }

    var yaml: String {
        let tls = #"{"@type": \#(Self.type).filters.listener.tls_inspector.v3.TlsInspector}"#
        let http = #"{"@type": \#(Self.type).filters.listener.http_inspector.v3.HttpInspector}"#
        let maybe = Self.proxyProtocol + ", allow_requests_without_proxy_protocol: true, pass_through_tlvs: {}}"
        let listeners = [
            Self.listener("strict", filters: [Self.proxyProtocol + "}"], chains: [Self.chain("a")]),
            Self.listener("maybe", filters: [maybe], chains: [Self.chain("a")]),
            Self.listener(
                "second", filters: [Self.proxyProtocol + ", disallowed_versions: [V1]}"], chains: [Self.chain("a")]),
            Self.listener(
                "sniff", filters: [tls, http],
                chains: [
                    Self.chain("a", "application_protocols: [http/1.1]"), Self.chain("b", "application_protocols: [http/1.0]"),
                    Self.chain("c", "application_protocols: [h2c]"), Self.chain("d", "server_names: [one.example]"),
                    Self.chain("e", #"server_names: ["*.example"]"#), Self.chain("f", "application_protocols: [h2]"),
                    Self.chain("g", "transport_protocol: tls"), Self.chain("h"),
                ]),
            Self.listener(
                "silent", filters: [tls, http], chains: [Self.chain("a")], more: "continue_on_listener_filters_timeout: true,"),
            Self.listener(
                "chains", filters: [maybe],
                chains: [
                    Self.chain("a", "destination_port: 3306"),
                    Self.chain("b", "prefix_ranges: [{address_prefix: 10.1.0.0, prefix_len: 16}]"),
                    Self.chain("c", "prefix_ranges: [{address_prefix: 10.0.0.0, prefix_len: 8}]"),
                    Self.chain("d", "source_prefix_ranges: [{address_prefix: 192.0.2.0, prefix_len: 24}]"),
                    Self.chain("e", "source_prefix_ranges: [{address_prefix: 192.0.2.0, prefix_len: 24}], source_ports: [4711]"),
                    Self.chain("f", "source_type: SAME_IP_OR_LOOPBACK"),
                    Self.chain(
                        "g", "source_type: EXTERNAL, source_prefix_ranges: [{address_prefix: 198.51.100.0, prefix_len: 24}]"),
                ]),
            Self.listener("original", filters: [maybe], chains: [Self.chain("original")]),
            Self.listener("one", filters: [maybe], chains: [Self.chain("one")]),
            Self.listener("two", filters: [maybe], chains: [Self.chain("two")]),
            Self.listener("added", filters: [maybe], chains: [Self.chain("added")]),
        ]
        let clusters =
            self.upstreams.keys.sorted().map { self.cluster($0, $0) } + [
                "  - {name: original, type: ORIGINAL_DST, lb_policy: CLUSTER_PROVIDED}",
                self.cluster("one", "a", transport: Self.announcing("V1")),
                self.cluster(
                    "two", "a", transport: Self.announcing("V2", ", pass_through_tlvs: {match_type: INCLUDE, tlv_type: [1]}")),
                self.cluster(
                    "added", "a", transport: Self.announcing("V2", ", pass_through_tlvs: {}, added_tlvs: [{type: 2, value: CQ==}]")),
            ]
        return """
            admin: {address: {socket_address: {address: 127.0.0.1, port_value: 0}}}
            static_resources:
              listeners:
            \(listeners.joined(separator: "\n"))
              clusters:
            \(clusters.map { "  " + $0 }.joined(separator: "\n"))
            """
    }
}
