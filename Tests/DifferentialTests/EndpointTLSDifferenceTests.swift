// SPDX-License-Identifier: Apache-2.0
import Foundation
import MeshTestKit
import Testing

/// The same clusters in a stock Envoy and in malla-proxy: how endpoints are asked for by TLS, what is spoken with them, and which
/// requests share connections.
@Suite(
    .timeLimit(.minutes(2)), .serialized,
    .enabled(
        if: DifferentialTests.isPossible && TestCertificate.openssl != nil,
        "needs envoy and openssl on PATH and malla-proxy beside the tests"))
struct EndpointTLSDifferenceTests {
    private struct Row {
        let name: String
        /// Of HttpProtocolOptions.
        var options = "explicit_http_config: {http_protocol_options: {}}"
        /// Of CommonTlsContext.
        var offers = ""
        var names = ""
        var isTrusting = true
        var route = ""
        /// Of UpstreamTlsContext.
        var context = ""
        var endpoint = "hostname: ep.test, "
        /// Which of the upstreams: it takes both protocols, HTTP/1 alone, or has no ALPN.
        var upstream = 0
        /// Requests one after the other: hosts, and headers behind a space.
        var requests = ["a.test"]
    }

    private static let automatic = "auto_config: {}"
    private static let both = "auto_sni: true, auto_san_validation: true"

    private static func http1(_ upstream: String) -> String {
        "explicit_http_config: {http_protocol_options: {}}, upstream_http_protocol_options: {\(upstream)}"
    }

    private static let rows = [
        Row(name: "http1"), Row(name: "http1-offers", offers: "[h2, http/1.1]", upstream: 1),
        Row(name: "http1-other", offers: "[other]"),
        Row(name: "http2", options: "explicit_http_config: {http2_protocol_options: {}}", requests: ["a.test", "b.test"]),
        Row(name: "client's", options: "use_downstream_protocol_config: {http2_protocol_options: {}}"),
        Row(name: "auto", options: automatic, requests: ["a.test", "b.test"]),
        Row(name: "auto-http1", options: automatic, upstream: 1, requests: ["a.test", "b.test"]),
        Row(name: "auto-silent", options: automatic, upstream: 2),
        Row(name: "auto-offers-http1", options: automatic, offers: "[http/1.1]"),
        Row(name: "auto-offers-http2", options: automatic, offers: "[h2]", upstream: 1),
        Row(name: "auto-offers-other", options: automatic, offers: "[other]"),
        Row(
            name: "hosts", options: http1("auto_sni: true"),
            requests: ["a.test", "b.test", "A.TEST:80", "127.0.0.1", "[::1]:80", "127.0.0.1:80", "a.test."]),
        Row(
            name: "hosts-auto", options: "\(automatic), upstream_http_protocol_options: {auto_sni: true}",
            requests: ["a.test", "b.test", "a.test"]),
        Row(
            name: "checked", options: http1(both),
            requests: ["a.test", "A.TEST:80", "x.wild.test", "x.y.wild.test", "wild.test", "other.test", "127.0.0.1"]),
        Row(
            name: "checked-auto", options: "\(automatic), upstream_http_protocol_options: {\(both)}",
            requests: ["a.test", "other.test"]),
        Row(
            name: "checked-unasked", options: http1("auto_san_validation: true"), requests: ["a.test", "other.test", "x.wild.test"]),
        Row(name: "checked-distrust", options: http1(both), isTrusting: false, requests: ["a.test"]),
        Row(name: "checked-beside", options: http1(both), names: "a.test", requests: ["x.wild.test", "other.test"]),
        Row(name: "checked-beside-another", options: http1(both), names: "c.test", requests: ["a.test"]),
        Row(
            name: "header", options: http1("\(both), override_auto_sni_header: X-Name"),
            requests: [
                "other.test x-name: a.test:9", "other.test x-name: x.wild.test", "a.test", "other.test x-name:",
                "a.test x-name: h.test",
            ]),
        Row(name: "endpoint", context: "auto_host_sni: true, "),
        Row(name: "endpoint-nameless", context: "auto_host_sni: true, ", endpoint: ""),
        Row(
            name: "endpoint-hosts", options: http1("auto_sni: true"), context: "auto_host_sni: true, ",
            requests: ["a.test", "127.0.0.1"]),
        Row(name: "literal", options: http1("auto_sni: true"), route: ", host_rewrite_literal: new.test:1"),
        Row(name: "automatic", options: http1("auto_sni: true"), route: ", auto_host_rewrite: true"),
    ]

    private static func cluster(_ row: Row, port: Int, directory: String) -> String {
        let types = "type.googleapis.com/envoy.extensions"
        var common: [String] = row.offers.isEmpty ? [] : ["alpn_protocols: \(row.offers)"]
        var validation = row.isTrusting ? ["trusted_ca: {filename: \(directory)/cert.pem}"] : []
        if !row.names.isEmpty {
            validation.append("match_typed_subject_alt_names: [{san_type: DNS, matcher: {exact: \(row.names)}}]")
        }
        if !validation.isEmpty { common.append("validation_context: {\(validation.joined(separator: ", "))}") }
        return """
              - name: \(row.name)
                type: STATIC
                connect_timeout: 2s
                load_assignment: {cluster_name: "\(row.name)", endpoints: [{lb_endpoints: [{endpoint: {\(row.endpoint)address: {socket_address: {address: 127.0.0.1, port_value: \(port)}}}}]}]}
                transport_socket: {name: tls, typed_config: {"@type": \(types).transport_sockets.tls.v3.UpstreamTlsContext, sni: static.test, \(row.context)common_tls_context: {\(common.joined(separator: ", "))}}}
                typed_extension_protocol_options:
                  envoy.extensions.upstreams.http.v3.HttpProtocolOptions: {"@type": \(types).upstreams.http.v3.HttpProtocolOptions, \(row.options)}
            """
    }

    private static func bootstrap(_ upstreams: [TLSUpstream], directory: String) -> String {
        let routes = Self.rows.map {
            "          - {match: {path_separated_prefix: \"/\($0.name)\"}, route: {cluster: \"\($0.name)\"\($0.route)}}"
        }
        return """
            admin: {address: {socket_address: {address: 127.0.0.1, port_value: 0}}}
            static_resources:
              clusters:
            \(Self.rows.map { Self.cluster($0, port: upstreams[$0.upstream].port, directory: directory) }.joined(separator: "\n"))
              listeners:
              - name: http
                address: {socket_address: {address: 127.0.0.1, port_value: 0}}
                filter_chains:
                - filters:
                  - name: h
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                      stat_prefix: h
                      http_filters: [{name: r, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}]
                      route_config:
                        virtual_hosts:
                        - name: v
                          domains: ["*"]
                          routes:
            \(routes.map { "              " + $0 }.joined(separator: "\n"))
            """
    }

    @Test func `endpoints are asked for as Envoy asks for them`() async throws {
        let directory = NSTemporaryDirectory() + "malla-endpoint-tls-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try await TestCertificate.make(in: directory, names: "DNS:a.test,DNS:*.wild.test,IP:127.0.0.1")
        var upstreams: [TLSUpstream] = []
        for protocols in [["h2", "http/1.1"], ["http/1.1"], []] {
            upstreams.append(
                try await .start(certificate: "\(directory)/cert.pem", key: "\(directory)/key.pem", protocols: protocols))
        }
        let file = "\(directory)/bootstrap.yaml"
        try Self.bootstrap(upstreams, directory: directory).write(toFile: file, atomically: true, encoding: .utf8)
        let theirs = try await Self.outcomes(
            DifferentialTests.envoy ?? "", ["--use-dynamic-base-id", "--log-level", "error"], file, upstreams, "\(directory)/envoy")
        let ours = try await Self.outcomes(
            DifferentialTests.proxy, ["--log-level", "error"], file, upstreams, "\(directory)/malla")
        for (row, (wanted, got)) in zip(Self.rows, zip(theirs, ours)) {
            #expect(wanted == got, "\(row.name)\n--- envoy\n\(wanted)\n--- malla\n\(got)")
        }
        for upstream in upstreams { await upstream.stop() }
    }

    /// Of each row, the status of each request and the connections that it took.
    private static func outcomes(
        _ executable: String, _ arguments: [String], _ file: String, _ upstreams: [TLSUpstream], _ directory: String
    ) async throws -> [String] {
        let proxy = try await ProxyUnderTest.start(executable, arguments, bootstrap: file, directory: directory)
        do {
            var outcomes: [String] = []
            for row in Self.rows { outcomes.append(try await Self.outcome(row, proxy, upstreams[row.upstream])) }
            await proxy.stop()
            return outcomes
        } catch {
            await proxy.stop()
            throw error
        }
    }

    private static func outcome(_ row: Row, _ proxy: ProxyUnderTest, _ upstream: TLSUpstream) async throws -> String {
        let before = upstream.connections.count
        var statuses: [String] = []
        for request in row.requests {
            let parts = request.split(separator: " ", maxSplits: 1)
            let header = parts.count > 1 ? "\(parts[1])\r\n" : ""
            let answer = try await RawConnection.exchange(
                "GET /\(row.name) HTTP/1.1\r\nHost: \(parts[0])\r\nConnection: close\r\n\(header)\r\n",
                port: try #require(proxy.ports["http"]))
            statuses.append(String(answer.text.prefix(12)))
        }
        return (statuses + upstream.connections.dropFirst(before)).joined(separator: "\n")
    }
}
