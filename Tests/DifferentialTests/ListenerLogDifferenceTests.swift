// SPDX-License-Identifier: Apache-2.0
import Foundation
import MeshTestKit
import Testing

/// The same connections to a stock Envoy and to malla-proxy: what the access logs of listeners say of them.
@Suite(
    .timeLimit(.minutes(2)), .serialized,
    .enabled(if: DifferentialTests.isPossible, "needs envoy on PATH and malla-proxy beside the tests"))
struct ListenerLogDifferenceTests {
    private static let types = "type.googleapis.com/envoy.extensions"

    private static func listener(_ name: String, _ filter: String, match: String = "{}", filters: String = "[]") -> String {
        let line =
            "LOG \(name) %RESPONSE_FLAGS% %RESPONSE_CODE_DETAILS% %RESPONSE_CODE% %PROTOCOL% in=%BYTES_RECEIVED% out=%BYTES_SENT% "
            + "%UPSTREAM_CLUSTER% %REQ(:METHOD)% %DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT% %DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%"
        return """
              - name: \(name)
                address: {socket_address: {address: 127.0.0.1, port_value: 0}}
                access_log:
                - name: a
                  typed_config:
                    "@type": \(Self.types).access_loggers.stream.v3.StdoutAccessLog
                    log_format: {text_format_source: {inline_string: "\(line)\\n"}}
                listener_filters_timeout: 0.2s
                listener_filters: \(filters)
                filter_chains: [{filter_chain_match: \(match), filters: [\(filter)]}]
            """
    }

    private static func bootstrap(upstream: Int, closed: Int) -> String {
        let router = "{name: r, typed_config: {\"@type\": \(Self.types).filters.http.router.v3.Router}}"
        let http =
            "{name: h, typed_config: {\"@type\": \(Self.types).filters.network.http_connection_manager.v3.HttpConnectionManager, "
            + "stat_prefix: h, http_filters: [\(router)], route_config: {virtual_hosts: [{name: v, domains: [\"*\"], "
            + "routes: [{match: {prefix: /}, direct_response: {status: 200, body: {inline_string: hello}}}]}]}}}"
        func tcp(_ cluster: String) -> String {
            "{name: t, typed_config: {\"@type\": \(Self.types).filters.network.tcp_proxy.v3.TcpProxy, stat_prefix: t, cluster: \(cluster)}}"
        }
        let proxied =
            "[{name: p, typed_config: {\"@type\": \(Self.types).filters.listener.proxy_protocol.v3.ProxyProtocol}}]"
        return """
            admin: {address: {socket_address: {address: 127.0.0.1, port_value: 0}}}
            static_resources:
              clusters:
            \(BootstrapFile.cluster("up", upstream))
            \(BootstrapFile.cluster("down", closed))
              listeners:
            \(Self.listener("http", http))
            \(Self.listener("unmatched", http, match: "{transport_protocol: tls}"))
            \(Self.listener("proxied", http, filters: proxied))
            \(Self.listener("tcp", tcp("up")))
            \(Self.listener("tcpdown", tcp("down")))
            """
    }

    private static let get = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    private static let connections: [(listener: String, bytes: String)] = [
        ("http", get), ("http", "GET /a HTTP/1.1\r\nHost: a\r\n\r\n" + get), ("http", "nonsense\r\n\r\n"), ("unmatched", get),
        ("proxied", get), ("proxied", "PROXY TCP4 1.2.3.4 5.6.7.8 1000 2000\r\n" + get), ("proxied", "PROX"), ("tcp", get),
        ("tcpdown", get),
    ]

    @Test func `listeners log what Envoy's log`() async throws {
        let upstream = try await EchoUpstream.start()
        let closed = try await EchoUpstream.start()
        await closed.stop()
        try await ProxyPair.run(
            envoyOptions: ["--file-flush-interval-msec", "50"],
            bootstrap: { _ in Self.bootstrap(upstream: upstream.port, closed: closed.port) }
        ) { pair in
            for (listener, bytes) in Self.connections {
                for proxy in pair.both {
                    let connection = try await RawConnection.open(port: try #require(proxy.ports[listener]))
                    // It may have been closed already.
                    try? await connection.send(bytes)
                    _ = await connection.receive(within: .milliseconds(500)) { _ in false }
                    await connection.close()
                }
            }
            var (wanted, got): ([String], [String]) = ([], [])
            try? await waitUntil("both to have logged everything", within: .seconds(10)) {
                (wanted, got) = (try Self.lines("\(pair.directory)/envoy/log"), try Self.lines("\(pair.directory)/malla/log"))
                return wanted.count == Self.connections.count && got.count == wanted.count
            }
            #expect(got == wanted)
            #expect(wanted.count == Self.connections.count)
        }
        await upstream.stop()
    }

    private static func lines(_ path: String) throws -> [String] {
        try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
            .filter { $0.hasPrefix("LOG ") }.sorted()
    }
}
