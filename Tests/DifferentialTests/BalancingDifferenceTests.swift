// SPDX-License-Identifier: Apache-2.0
import Foundation
import MeshTestKit
import Testing

/// The same clusters in a stock Envoy and in malla-proxy: which endpoints requests go to, by every policy in both spellings.
@Suite(
    .timeLimit(.minutes(2)), .serialized,
    .enabled(if: DifferentialTests.isPossible, "needs envoy on PATH and malla-proxy beside the tests"))
struct BalancingDifferenceTests {
    private enum Sameness {
        /// Every request goes to the same endpoint.
        case requests
        /// Every endpoint gets as many.
        case shares
        /// Chance decides: every endpoint gets some.
        case endpoints
    }

    private struct Policy {
        let name: String
        let fields: String
        var same = Sameness.requests
        var weights = [1, 1, 1]
        /// Whether endpoints have `hash_key`s.
        var hasKeys = false
    }

    private static func extended(_ type: String, _ fields: String = "") -> String {
        "load_balancing_policy: {policies: [{typed_extension_config: {name: p, typed_config: {\"@type\": "
            + "type.googleapis.com/envoy.extensions.load_balancing_policies.\(type)\(fields.isEmpty ? "" : ", \(fields)")}}}]}"
    }

    private static let policies = [
        Policy(name: "rr", fields: "lb_policy: ROUND_ROBIN", same: .shares),
        Policy(name: "rr-weights", fields: "lb_policy: ROUND_ROBIN", same: .shares, weights: [1, 2, 3]),
        Policy(name: "rr-typed", fields: extended("round_robin.v3.RoundRobin"), same: .shares, weights: [3, 1, 2]),
        Policy(name: "rr-both", fields: "lb_policy: RING_HASH, \(extended("round_robin.v3.RoundRobin"))", same: .shares),
        Policy(name: "lr", fields: "lb_policy: LEAST_REQUEST", same: .endpoints),
        Policy(name: "lr-typed", fields: extended("least_request.v3.LeastRequest", "choice_count: 3"), same: .endpoints),
        Policy(name: "random", fields: "lb_policy: RANDOM", same: .endpoints),
        Policy(name: "random-typed", fields: extended("random.v3.Random"), same: .endpoints),
        Policy(name: "ring", fields: "lb_policy: RING_HASH"),
        Policy(name: "ring-weights", fields: "lb_policy: RING_HASH", weights: [1, 2, 3]),
        Policy(
            name: "ring-small", fields: "lb_policy: RING_HASH, ring_hash_lb_config: {minimum_ring_size: 3, maximum_ring_size: 7}"),
        Policy(name: "ring-typed", fields: extended("ring_hash.v3.RingHash", "minimum_ring_size: 50, hash_function: XX_HASH")),
        Policy(name: "ring-keys", fields: "lb_policy: RING_HASH", hasKeys: true),
        Policy(name: "maglev", fields: "lb_policy: MAGLEV"),
        Policy(name: "maglev-keys", fields: "lb_policy: MAGLEV", hasKeys: true),
        Policy(name: "maglev-weights", fields: "lb_policy: MAGLEV, maglev_lb_config: {table_size: 101}", weights: [1, 2, 3]),
        Policy(name: "maglev-typed", fields: extended("maglev.v3.Maglev", "table_size: 211"), weights: [5, 1, 1]),
        Policy(
            name: "referred", fields: "lb_policy: LOAD_BALANCING_POLICY_CONFIG, \(extended("maglev.v3.Maglev"))"),
    ]

    private static func bootstrap(_ ports: [Int]) -> String {
        let clusters = Self.policies.map { policy in
            let endpoints = zip(ports, policy.weights).map { port, weight in
                let key = policy.hasKeys ? "metadata: {filter_metadata: {envoy.lb: {hash_key: key-\(-port)}}}, " : ""
                return
                    "{\(key)load_balancing_weight: \(weight), endpoint: {hostname: h, address: {socket_address: {address: 127.0.0.1, port_value: \(port)}}}}"
            }
            return
                "  - {name: \(policy.name), connect_timeout: 1s, \(policy.fields), load_assignment: {cluster_name: \(policy.name), "
                + "endpoints: [{lb_endpoints: [\(endpoints.joined(separator: ", "))]}]}}"
        }
        let routes = Self.policies.map {
            "          - {match: {path_separated_prefix: /\($0.name)}, route: {cluster: \($0.name), hash_policy: ["
                + "{header: {header_name: x-user}}, {query_parameter: {name: q}}]}}"
        }
        return """
            admin: {address: {socket_address: {address: 127.0.0.1, port_value: 0}}}
            static_resources:
              clusters:
            \(clusters.joined(separator: "\n"))
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
                          response_headers_to_add: [{header: {key: x-host, value: "%UPSTREAM_HOST%"}}]
                          routes:
            \(routes.map { "              " + $0 }.joined(separator: "\n"))
            """
    }

    @Test func `requests go where Envoy sends them`() async throws {
        var upstreams: [EchoUpstream] = []
        for _ in 0..<3 { upstreams.append(try await EchoUpstream.start()) }
        let ports = upstreams.map(\.port)
        try await ProxyPair.run(bootstrap: { _ in Self.bootstrap(ports) }) { pair in
            for policy in Self.policies {
                async let theirs = Self.endpoints(policy, pair.envoy)
                async let ours = Self.endpoints(policy, pair.malla)
                Self.compare(policy, try await theirs, try await ours)
            }
        }
        for upstream in upstreams { await upstream.stop() }
    }

    /// The endpoint of each of 60 requests, on one connection.
    private static func endpoints(_ policy: Policy, _ proxy: ProxyUnderTest) async throws -> [String] {
        let requests = (0..<60).map { number in
            let last = number == 59 ? "Connection: close\r\n" : ""
            return "GET /\(policy.name)?q=\(number % 7) HTTP/1.1\r\nHost: a\r\nX-User: user-\(number)\r\n\(last)\r\n"
        }
        let answer = try await RawConnection.exchange(requests.joined(), port: try #require(proxy.ports["http"]))
        return answer.text.matches(of: /x-host: ([^\r]*)/).map { String($0.1) }
    }

    private static func compare(_ policy: Policy, _ theirs: [String], _ ours: [String]) {
        #expect(theirs.count == 60 && ours.count == 60, "\(policy.name): \(theirs.count) and \(ours.count) answers")
        switch policy.same {
        case .requests:
            let different = zip(theirs, ours).filter { $0 != $1 }.count
            #expect(different == 0, "\(policy.name): \(different) of 60 requests went elsewhere")
        case .shares:
            let shares = [theirs, ours].map { Dictionary($0.map { ($0, 1) }, uniquingKeysWith: +) }
            #expect(shares[0] == shares[1], "\(policy.name)")
        case .endpoints:
            #expect(Set(theirs) == Set(ours) && Set(ours).count == 3, "\(policy.name)")
        }
    }
}
