// SPDX-License-Identifier: Apache-2.0
import Foundation
import MeshTestKit
import Testing

/// The same requests to a stock Envoy and to malla-proxy: what filters, TCP proxies and endpoints have counted afterwards.
@Suite(
    .timeLimit(.minutes(2)), .serialized,
    .enabled(if: DifferentialTests.isPossible, "needs envoy on PATH and malla-proxy beside the tests"))
struct CounterDifferenceTests {
    /// What Envoy counts of TCP proxies and we do not.
    private static let missing: Set<String> = [
        "downstream_cx_drain_close", "downstream_cx_overload_close", "downstream_cx_rx_bytes_buffered",
        "downstream_cx_tx_bytes_buffered", "downstream_flow_control_paused_reading_total",
        "downstream_flow_control_resumed_reading_total", "early_data_received_count_total", "route_delayed_total",
        "upstream_flush_active", "upstream_flush_total",
    ]

    private static func bootstrap(upstream: Int, closed: Int) -> String {
        let types = "type.googleapis.com/envoy.extensions.filters"
        let bucket = "{max_tokens: 1, tokens_per_fill: 1, fill_interval: 3600s}"
        let always = "{default_value: {numerator: 100}}"
        return """
            admin: {address: {socket_address: {address: 127.0.0.1, port_value: 0}}}
            static_resources:
              clusters:
            \(BootstrapFile.cluster("up", upstream))
            \(BootstrapFile.cluster("down", closed))
              listeners:
              - name: http
                address: {socket_address: {address: 127.0.0.1, port_value: 0}}
                filter_chains:
                - filters:
                  - name: h
                    typed_config:
                      "@type": \(types).network.http_connection_manager.v3.HttpConnectionManager
                      stat_prefix: in:gress
                      http_filters:
                      - name: rbac
                        typed_config:
                          "@type": \(types).http.rbac.v3.RBAC
                          rules: {action: DENY, policies: {p: {permissions: [{header: {name: x-deny, present_match: true}}], principals: [{any: true}]}}}
                          shadow_rules: {action: DENY, policies: {q: {permissions: [{header: {name: x-shadow, present_match: true}}], principals: [{any: true}]}}}
                          shadow_rules_stat_prefix: shade
                      - name: rbac2
                        typed_config:
                          "@type": \(types).http.rbac.v3.RBAC
                          rules_stat_prefix: mine
                          rules: {action: ALLOW, policies: {p: {permissions: [{any: true}], principals: [{any: true}]}}}
                      - name: fault
                        typed_config:
                          "@type": \(types).http.fault.v3.HTTPFault
                          abort: {http_status: 418, percentage: {numerator: 100}}
                          headers: [{name: x-fault, present_match: true}]
                      - name: slow
                        typed_config:
                          "@type": \(types).http.fault.v3.HTTPFault
                          delay: {fixed_delay: 0.01s, percentage: {numerator: 100}}
                          headers: [{name: x-slow, present_match: true}]
                      - {name: cors, typed_config: {"@type": \(types).http.cors.v3.Cors}}
                      - name: limit
                        typed_config:
                          "@type": \(types).http.local_ratelimit.v3.LocalRateLimit
                          stat_prefix: lim
                          token_bucket: {max_tokens: 100, tokens_per_fill: 1, fill_interval: 3600s}
                          filter_enabled: \(always)
                          filter_enforced: \(always)
                      - {name: r, typed_config: {"@type": \(types).http.router.v3.Router}}
                      route_config:
                        name: r
                        virtual_hosts:
                        - name: v
                          domains: ["*"]
                          typed_per_filter_config:
                            cors: {"@type": \(types).http.cors.v3.CorsPolicy, allow_origin_string_match: [{exact: "https://a"}]}
                          routes:
                          - match: {prefix: /limited}
                            route: {cluster: up}
                            typed_per_filter_config:
                              limit: {"@type": \(types).http.local_ratelimit.v3.LocalRateLimit, stat_prefix: onroute, token_bucket: \(bucket), filter_enabled: \(always), filter_enforced: \(always)}
                          - {match: {prefix: /down}, route: {cluster: down}}
                          - {match: {prefix: /late}, route: {cluster: up, timeout: 0.05s}}
                          - {match: {prefix: /}, route: {cluster: up}}
              - name: tcp
                address: {socket_address: {address: 127.0.0.1, port_value: 0}}
                filter_chains:
                - filters:
                  - name: rbac
                    typed_config:
                      "@type": \(types).network.rbac.v3.RBAC
                      stat_prefix: net.
                      rules: {action: ALLOW, policies: {p: {permissions: [{any: true}], principals: [{any: true}]}}}
                  - name: t
                    typed_config: {"@type": \(types).network.tcp_proxy.v3.TcpProxy, stat_prefix: tcpx, cluster: up}
            """
    }

    private static let requests: [(target: String, headers: [String])] = [
        ("/", []), ("/", ["X-Deny: 1"]), ("/", ["X-Shadow: 1"]), ("/", ["X-Fault: 1"]), ("/", ["X-Slow: 1"]),
        ("/", ["Origin: https://a"]), ("/", ["Origin: https://b"]), ("/limited", []), ("/limited", []), ("/down", []),
        ("/?answer=503", []), ("/?answer=404", []), ("/late?answer=never", []),
    ]

    @Test func `filters, TCP proxies and endpoints count what Envoy counts`() async throws {
        let upstream = try await EchoUpstream.start()
        let closed = try await EchoUpstream.start()
        await closed.stop()
        try await ProxyPair.run(bootstrap: { _ in Self.bootstrap(upstream: upstream.port, closed: closed.port) }) { pair in
            for proxy in pair.both { try await Self.send(to: proxy) }
            let (theirs, ours) = try pair.admins()
            try await Self.compare(theirs, ours)
        }
        await upstream.stop()
    }

    private static func send(to proxy: ProxyUnderTest) async throws {
        for request in Self.requests {
            let lines = ["GET \(request.target) HTTP/1.1", "Host: a", "Connection: close"] + request.headers
            _ = try await RawConnection.exchange(
                lines.joined(separator: "\r\n") + "\r\n\r\n", port: try #require(proxy.ports["http"]))
        }
        _ = try await RawConnection.exchange(
            "GET /?answer=close HTTP/1.1\r\nHost: a\r\n\r\n", port: try #require(proxy.ports["tcp"]))
    }

    private static func compare(_ theirs: Int, _ ours: Int) async throws {
        for path in ["/stats", "/stats/prometheus"] {
            // Of TCP the last bytes are counted a moment after they have come.
            var (wanted, got): (Set<String>, Set<String>) = ([], [])
            try? await waitUntil("\(path) to be the same", within: .seconds(5)) {
                (wanted, got) = (try await Self.lines(path, theirs), try await Self.lines(path, ours))
                return wanted == got
            }
            #expect(got.subtracting(wanted).sorted() == [], "\(path): only ours")
            #expect(wanted.subtracting(got).sorted() == [], "\(path): only Envoy's")
        }
        var (wanted, got): (Set<String>, Set<String>) = ([], [])
        try? await waitUntil("/clusters to be the same", within: .seconds(5)) {
            (wanted, got) = (try await Self.hosts(theirs), try await Self.hosts(ours))
            return wanted == got
        }
        #expect(got.subtracting(wanted).sorted() == [], "/clusters: only ours")
        #expect(wanted.subtracting(got).sorted() == [], "/clusters: only Envoy's")
    }

    /// Lines about filters and TCP proxies.
    private static func lines(_ path: String, _ port: Int) async throws -> Set<String> {
        let parts = ["rbac", "cors", "fault", "local_rate_limit", "tcp.tcpx", "envoy_tcp_prefix"]
        return Set(
            try await AdminShapeTests.ask("GET", path, port).body.split(separator: "\n").map(String.init).filter { line in
                parts.contains { line.contains($0) } && !line.contains("default.") && !line.contains("_default_")
                    && !Self.missing.contains { line.contains($0) } && !line.hasPrefix("#")
            }.map(Self.sortedLabels))
    }

    /// Their order means nothing.
    private static func sortedLabels(_ line: String) -> String {
        guard let open = line.firstIndex(of: "{"), let close = line.lastIndex(of: "}") else { return line }
        let labels = line[line.index(after: open)..<close].split(separator: ",").sorted().joined(separator: ",")
        return "\(line[..<open]){\(labels)\(line[close...])"
    }

    /// `cluster::host::counter::value`, without what is under way.
    private static func hosts(_ port: Int) async throws -> Set<String> {
        Set(
            try await AdminShapeTests.ask("GET", "/clusters", port).body.split(separator: "\n").map(String.init)
                .filter { $0.contains("::rq_") || $0.contains("::cx_") }.filter { !$0.contains("::cx_active") })
    }
}
