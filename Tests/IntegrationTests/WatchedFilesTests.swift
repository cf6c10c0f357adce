// SPDX-License-Identifier: Apache-2.0
import Foundation
import MeshTestKit
import Testing

extension IntegrationSuite {
    /// Everything from files that are watched: listeners, clusters, routes, endpoints, secrets.
    @Suite(.enabled(if: MutualTLSChain.isPossible && BuiltPrograms.onPath("curl") != nil, "openssl or curl is not installed"))
    struct WatchedFilesTests {
        private static let types = "type.googleapis.com/envoy"

        private static func origin() -> String {
            let listeners = ["one", "two"].map { name in
                """
                  - {name: \(name), address: {socket_address: {address: 127.0.0.1, port_value: 0}}, filter_chains: [{filters: [{name: h,
                    typed_config: {"@type": \(Self.types).extensions.filters.network.http_connection_manager.v3.HttpConnectionManager,
                    stat_prefix: \(name), http_filters: [{name: r, typed_config: {
                    "@type": \(Self.types).extensions.filters.http.router.v3.Router}}], route_config: {name: \(name), virtual_hosts: [
                    {name: a, domains: ["*"], routes: [{match: {prefix: /}, direct_response: {status: 200, body: {inline_string:
                    \(name)}}}]}]}}}]}]}
                """
            }
            return """
                admin: {address: {socket_address: {address: 127.0.0.1, port_value: 0}}}
                static_resources:
                  listeners:
                \(listeners.joined(separator: "\n"))
                """
        }

        private static func source(_ rig: ProcessRig, _ name: String) -> String {
            "{path_config_source: {path: \(rig.directory)/\(name).yaml}, resource_api_version: V3}"
        }

        private static func write(_ rig: ProcessRig, _ name: String, _ resources: [String]) throws {
            try rig.write("resources:\n" + resources.map { "- \($0)\n" }.joined(), to: "\(name).yaml")
        }

        private static func writeListener(_ rig: ProcessRig) throws {
            try Self.write(
                rig, "lds",
                [
                    """
                    {"@type": \(Self.types).config.listener.v3.Listener, name: watched, address: {socket_address:
                      {address: 127.0.0.1, port_value: 0}}, filter_chains: [{transport_socket: {name: t, typed_config:
                      {"@type": \(Self.types).extensions.transport_sockets.tls.v3.DownstreamTlsContext, common_tls_context:
                      {tls_certificate_sds_secret_configs: [{name: own, sds_config: \(Self.source(rig, "sds"))}]}}},
                      filters: [{name: h, typed_config:
                      {"@type": \(Self.types).extensions.filters.network.http_connection_manager.v3.HttpConnectionManager,
                      stat_prefix: w, rds: {route_config_name: routes, config_source: \(Self.source(rig, "rds"))},
                      http_filters: [{name: r, typed_config: {"@type": \(Self.types).extensions.filters.http.router.v3.Router}}]}}]}]}
                    """
                ])
        }

        private static func writeCluster(_ rig: ProcessRig) throws {
            try Self.write(
                rig, "cds",
                [
                    """
                    {"@type": \(Self.types).config.cluster.v3.Cluster, name: c, type: EDS, connect_timeout: 1s,
                      eds_cluster_config: {service_name: points, eds_config: \(Self.source(rig, "eds"))}}
                    """
                ])
        }

        private static func writeRoutes(_ rig: ProcessRig, _ action: String) throws {
            try Self.write(
                rig, "rds",
                [
                    """
                    {"@type": \(Self.types).config.route.v3.RouteConfiguration, name: routes, virtual_hosts: [{name: a, domains: ["*"],
                      routes: [{match: {prefix: /}, \(action)}]}]}
                    """
                ])
        }

        private static func writeEndpoint(_ rig: ProcessRig, _ port: Int) throws {
            try Self.write(
                rig, "eds",
                [
                    """
                    {"@type": \(Self.types).config.endpoint.v3.ClusterLoadAssignment, cluster_name: points, endpoints: [{lb_endpoints:
                      [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: \(port)}}}}]}]}
                    """
                ])
        }

        private static func writeSecret(_ rig: ProcessRig, _ name: String) throws {
            try Self.write(
                rig, "sds",
                [
                    """
                    {"@type": \(Self.types).extensions.transport_sockets.tls.v3.Secret, name: own, tls_certificate: {certificate_chain:
                      {filename: \(rig.directory)/\(name).pem}, private_key: {filename: \(rig.directory)/\(name).key}}}
                    """
                ])
        }

        @Test func `a proxy is ready when its secrets are there, and follows every file`() async throws {
            try await ProcessRig.with { rig in
                try await MutualTLSChain.makeCertificates(rig)
                let origins = try await rig.startProxy("origin", bootstrap: Self.origin())
                try Self.writeListener(rig)
                try Self.writeCluster(rig)
                try Self.writeRoutes(rig, "route: {cluster: c}")
                try Self.writeEndpoint(rig, try #require(origins["one"]))
                try rig.write("resources: []\n", to: "sds.yaml")
                let ports = try await rig.startProxy(
                    "watching",
                    bootstrap: """
                        node: {id: n, cluster: c}
                        admin: {address: {socket_address: {address: 127.0.0.1, port_value: 0}}}
                        dynamic_resources:
                          lds_config: \(Self.source(rig, "lds"))
                          cds_config: \(Self.source(rig, "cds"))
                        """)
                let port = try #require(ports["watched"])
                let admin = try #require(rig.text("watching.admin").split(separator: ":").last.flatMap { Int($0) })
                func ready() async throws -> String {
                    try await RawConnection.exchange("GET /ready HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", port: admin)
                        .text
                }
                func body() async throws -> String { try await rig.run(["curl", "-sk", "https://127.0.0.1:\(port)/"]) }
                func subject() async throws -> String {
                    try await rig.run([
                        "sh", "-c",
                        "openssl s_client -connect 127.0.0.1:\(port) </dev/null 2>/dev/null | openssl x509 -noout -subject",
                    ])
                }
                // Routes and endpoints have been read when the listener is there; the certificate is missing.
                let early = try await ready()
                #expect(early.hasPrefix("HTTP/1.1 503 ") && early.contains("INITIALIZING"), "\(early)")
                try Self.writeSecret(rig, "server")
                try await waitUntil("the proxy to be ready", within: .seconds(10)) { try await ready().hasPrefix("HTTP/1.1 200 ") }
                #expect(try await body() == "one")
                #expect(try await subject().contains("server"))
                try Self.writeEndpoint(rig, try #require(origins["two"]))
                try await waitUntil("the other endpoint", within: .seconds(10)) { try await body() == "two" }
                try Self.writeRoutes(rig, "direct_response: {status: 200, body: {inline_string: here}}")
                try await waitUntil("the other route", within: .seconds(10)) { try await body() == "here" }
                try Self.writeSecret(rig, "client")
                try await waitUntil("the other certificate", within: .seconds(10)) { try await subject().contains("client") }
                #expect(try await body() == "here")
            }
        }
    }
}
