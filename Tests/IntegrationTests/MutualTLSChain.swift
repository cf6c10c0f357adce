// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Two proxies with mutual TLS between them, in front of a server that knows nothing of them.
struct MutualTLSChain {
    /// The way through both proxies.
    let outbound: Int
    /// The second proxy, which takes TLS of known clients and plaintext, like a workload under PERMISSIVE.
    let inbound: Int

    static let isPossible = BuiltPrograms.onPath("openssl") != nil

    /// - Parameter server: The port of the application.
    static func start(_ rig: ProcessRig, server: Int) async throws -> MutualTLSChain {
        try await Self.makeCertificates(rig)
        let inbound = try await rig.startProxy("server", bootstrap: Self.server(rig.directory, application: server))["inbound"] ?? 0
        let outbound = try await rig.startProxy("client", bootstrap: Self.client(rig.directory, inbound: inbound))["outbound"] ?? 0
        return MutualTLSChain(outbound: outbound, inbound: inbound)
    }

    static func makeCertificates(_ rig: ProcessRig) async throws {
        try rig.write(
            """
            [req]
            distinguished_name = name
            [name]
            [root]
            basicConstraints = critical,CA:TRUE
            keyUsage = critical,keyCertSign
            [client]
            basicConstraints = critical,CA:FALSE
            keyUsage = critical,digitalSignature
            subjectAltName = URI:spiffe://cluster.local/ns/default/sa/client
            [server]
            basicConstraints = critical,CA:FALSE
            keyUsage = critical,digitalSignature
            subjectAltName = URI:spiffe://cluster.local/ns/default/sa/server
            """, to: "openssl.cnf")
        for name in ["root", "client", "server"] {
            let path = "\(rig.directory)/\(name)"
            var command = [
                "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1",
                "-config", "\(rig.directory)/openssl.cnf", "-extensions", name, "-subj", "/CN=\(name)", "-keyout", path + ".key",
                "-out", path + ".pem",
            ]
            if name != "root" { command += ["-CA", "\(rig.directory)/root.pem", "-CAkey", "\(rig.directory)/root.key"] }
            _ = try await rig.run(command)
        }
    }

    private static func tls(_ directory: String, own: String, peer: String) -> String {
        """
        common_tls_context: {alpn_protocols: [istio], tls_certificates: [{certificate_chain: {filename: \(directory)/\(own).pem},
          private_key: {filename: \(directory)/\(own).key}}], validation_context: {trusted_ca: {filename: \(directory)/root.pem},
          match_typed_subject_alt_names: [{san_type: URI, matcher: {exact: "spiffe://cluster.local/ns/default/sa/\(peer)"}}]}}
        """
    }

    private static func proxy(_ cluster: String) -> String {
        """
        filters: [{name: t, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy,
          stat_prefix: t, cluster: \(cluster), access_log: [{name: f, typed_config: {
          "@type": type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog, path: /dev/stdout, log_format:
          {text_format_source: {inline_string: "peer=%DOWNSTREAM_PEER_URI_SAN% flags=%RESPONSE_FLAGS%\\n"}}}}]}}]
        """
    }

    private static func cluster(_ name: String, port: Int, transport: String = "") -> String {
        """
        {name: \(name), type: STATIC, load_assignment: {cluster_name: \(name), endpoints: [{lb_endpoints: [{endpoint: {address:
          {socket_address: {address: 127.0.0.1, port_value: \(port)}}}}]}]}\(transport)}
        """
    }

    private static let admin = "admin: {address: {socket_address: {address: 127.0.0.1, port_value: 0}}}"
    private static let anyPort = "address: {socket_address: {address: 127.0.0.1, port_value: 0}}"

    private static func server(_ directory: String, application: Int) -> String {
        let type = "type.googleapis.com/envoy.extensions"
        return """
            \(Self.admin)
            static_resources:
              listeners:
              - {name: inbound, \(Self.anyPort), listener_filters_timeout: 0.3s, continue_on_listener_filters_timeout: true,
                listener_filters: [
                  {name: tls, typed_config: {"@type": \(type).filters.listener.tls_inspector.v3.TlsInspector}},
                  {name: http, typed_config: {"@type": \(type).filters.listener.http_inspector.v3.HttpInspector}}],
                filter_chains: [
                  {filter_chain_match: {transport_protocol: tls}, transport_socket: {name: t, typed_config: {
                    "@type": \(type).transport_sockets.tls.v3.DownstreamTlsContext, require_client_certificate: true,
                    \(Self.tls(directory, own: "server", peer: "client"))}}, \(Self.proxy("app"))},
                  {filter_chain_match: {transport_protocol: raw_buffer}, \(Self.proxy("app"))}]}
              clusters:
              - \(Self.cluster("app", port: application))
            """
    }

    private static func client(_ directory: String, inbound: Int) -> String {
        let type = "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext"
        let socket = """
            , transport_socket: {name: t, typed_config: {"@type": \(type), sni: server,
              \(Self.tls(directory, own: "client", peer: "server"))}}
            """
        return """
            \(Self.admin)
            static_resources:
              listeners:
              - {name: outbound, \(Self.anyPort), filter_chains: [{\(Self.proxy("server"))}]}
              clusters:
              - \(Self.cluster("server", port: inbound, transport: socket))
            """
    }
}
