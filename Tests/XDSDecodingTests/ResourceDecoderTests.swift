// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import ProxyModel
import SwiftProtobuf
import Testing
import XDSDecoding

struct ResourceDecoderTests {
    private static func decode<M: Message>(_ type: M.Type, _ json: String, _ typeURL: String) throws -> DecodedResource {
        ExtensionTypes.register()
        let payload: [UInt8] = try M(jsonString: json).serializedBytes()
        return try ResourceDecoder.decode(typeURL: typeURL, name: "", payload: payload)
    }

    private static func cluster(_ json: String) throws -> Cluster? {
        guard case .cluster(let cluster) = try decode(Envoy_Config_Cluster_V3_Cluster.self, json, TypeURL.cluster) else {
            return nil
        }
        return cluster
    }

    private static func routes(_ route: String) throws -> Route? {
        let json = #"{"name": "r", "virtualHosts": [{"name": "h", "domains": ["*"], "routes": [\#(route)]}]}"#
        guard case .routes(let table) = try decode(Envoy_Config_Route_V3_RouteConfiguration.self, json, TypeURL.routes) else {
            return nil
        }
        return table.virtualHosts.first?.routes.first
    }

    private static func listener(_ json: String) throws -> Listener? {
        guard case .listener(let listener) = try decode(Envoy_Config_Listener_V3_Listener.self, json, TypeURL.listener) else {
            return nil
        }
        return listener
    }

    /// A listener with one chain; `manager` are further fields of its connection manager.
    private static func listenerJSON(
        manager: String = "", filters: String = "", chain: String = "", listener: String = ""
    ) -> String {
        """
        {"name": "l", "address": {"socketAddress": {"address": "127.0.0.1", "portValue": 15006}}, \(listener)
         "filterChains": [{\(chain) "filters": [{"name": "hcm", "typedConfig": {
           "@type": "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
           "statPrefix": "s", \(manager)
           "rds": {"configSource": {"ads": {}}, "routeConfigName": "r"},
           "httpFilters": [\(filters) {"name": "envoy.filters.http.router", "typedConfig": {
             "@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router"}}]}}]}]}
        """
    }

    @Test func `a route says which upgrades it takes, and where CONNECT ends`() throws {
        let route = try #require(
            try Self.routes(
                """
                {"match": {"connectMatcher": {}}, "route": {"cluster": "c", "upgradeConfigs": [
                 {"upgradeType": "CONNECT", "connectConfig": {}}, {"upgradeType": "websocket", "enabled": false}]}}
                """))
        #expect(route.match.path == .connect)
        guard case .forward(let action) = route.action else {
            Issue.record("no forwarding route")
            return
        }
        #expect(
            action.upgrades == [
                "connect": RouteUpgrade(terminatesConnect: true), "websocket": RouteUpgrade(isEnabled: false),
            ])
        for refused in [
            #"{"upgradeType": ""}"#, #"{"upgradeType": "CONNECT", "connectConfig": {"allowPost": true}}"#,
            #"{"upgradeType": "websocket", "connectConfig": {}}"#,
            #"{"upgradeType": "a"}, {"upgradeType": "A"}"#,
        ] {
            #expect(throws: DecodingError.self) {
                try Self.routes(#"{"match": {"prefix": "/"}, "route": {"cluster": "c", "upgradeConfigs": [\#(refused)]}}"#)
            }
        }
    }

    @Test func `a cluster of the mesh is read whole`() throws {
        let cluster = try #require(
            try Self.cluster(
                """
                {"name": "outbound|8080||payments", "type": "EDS", "edsClusterConfig": {"edsConfig": {"ads": {}}},
                 "connectTimeout": "10s", "lbPolicy": "LEAST_REQUEST", "commonLbConfig": {"healthyPanicThreshold": {}},
                 "circuitBreakers": {"thresholds": [{"maxConnections": 7, "maxRetries": 4294967295}]},
                 "outlierDetection": {"consecutive5xx": 3, "interval": "1s", "enforcingSuccessRate": 0},
                 "transportSocketMatches": [
                   {"name": "tlsMode-istio", "match": {"tlsMode": "istio"}, "transportSocket": {
                     "name": "envoy.transport_sockets.tls", "typedConfig": {
                       "@type": "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext",
                       "sni": "outbound_.8080_._.payments", "commonTlsContext": {
                         "alpnProtocols": ["istio"],
                         "tlsCertificateSdsSecretConfigs": [{"name": "default", "sdsConfig": {"apiConfigSource": {
                           "apiType": "GRPC", "grpcServices": [{"envoyGrpc": {"clusterName": "sds-grpc"}}]}}}],
                         "combinedValidationContext": {
                           "defaultValidationContext": {"matchTypedSubjectAltNames": [
                             {"sanType": "URI", "matcher": {"exact": "spiffe://cluster.local/ns/default/sa/payments"}}]},
                           "validationContextSdsSecretConfig": {"name": "ROOTCA", "sdsConfig": {"ads": {}}}}}}}},
                   {"name": "tlsMode-disabled", "match": {}, "transportSocket": {
                     "name": "envoy.transport_sockets.raw_buffer", "typedConfig": {
                       "@type": "type.googleapis.com/envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer"}}}],
                 "metadata": {"filterMetadata": {"istio": {"services": [
                   {"host": "payments.default.svc", "name": "payments", "namespace": "default"}]}}}}
                """))
        #expect(cluster.endpointSource == .delivered("outbound|8080||payments"))
        #expect(cluster.balancing == .leastRequest(choices: 2))
        #expect(cluster.panicThreshold == 0)
        #expect(cluster.circuitLimits.maxConnections == 7)
        #expect(cluster.circuitLimits.maxPendingRequests == 1024)
        #expect(cluster.outlierPolicy?.consecutive5xx == 3)
        #expect(cluster.service == ClusterService(host: "payments.default.svc", name: "payments", namespace: "default"))
        let inMesh = Endpoint(address: .host("127.0.0.1", port: 1), transportLabels: ["tlsMode": "istio"])
        let tls = try #require(cluster.tls(for: inMesh))
        #expect(tls.serverName == "outbound_.8080_._.payments")
        #expect(tls.common.certificates == [.secret(SecretReference(name: "default", source: "sds-grpc"))])
        #expect(tls.common.trust == .secret(SecretReference(name: "ROOTCA", source: "ads")))
        #expect(tls.common.subjectAltNames.count == 1)
        #expect(cluster.tls(for: Endpoint(address: .host("127.0.0.1", port: 1))) == nil)
    }

    @Test func `endpoints keep locality, weight, health and labels`() throws {
        let json = """
            {"clusterName": "c", "endpoints": [{"locality": {"region": "eu"}, "priority": 1, "loadBalancingWeight": 5,
              "lbEndpoints": [{"endpoint": {"address": {"socketAddress": {"address": "10.0.0.1", "portValue": 80}}},
                "healthStatus": "UNHEALTHY", "loadBalancingWeight": 3, "metadata": {"filterMetadata": {
                  "envoy.transport_socket_match": {"tlsMode": "istio"}, "istio": {"workload": "w;ns;s;v1;Kubernetes"}}}}]}]}
            """
        let decoded = try Self.decode(Envoy_Config_Endpoint_V3_ClusterLoadAssignment.self, json, TypeURL.endpoints)
        let endpoint = Endpoint(
            address: .host("10.0.0.1", port: 80), locality: Locality(region: "eu"), priority: 1, weight: 3, localityWeight: 5,
            health: .unhealthy, transportLabels: ["tlsMode": "istio"], workload: "w;ns;s;v1;Kubernetes")
        #expect(decoded == .endpoints(name: "c", EndpointSet(endpoints: [endpoint])))
    }

    @Test func `a route keeps what it matches and what it does`() throws {
        let route = try #require(
            try Self.routes(
                """
                {"name": "canary", "match": {"prefix": "/api", "caseSensitive": false, "headers": [
                   {"name": "Canary", "stringMatch": {"exact": "true"}}], "queryParameters": [{"name": "q", "presentMatch": true}]},
                 "route": {"weightedClusters": {"clusters": [
                     {"name": "a", "weight": 90}, {"name": "b", "weight": 10, "requestHeadersToAdd": [
                       {"header": {"key": "X-B", "value": "1"}, "appendAction": "OVERWRITE_IF_EXISTS_OR_ADD"}]}]},
                   "timeout": "0s", "prefixRewrite": "/v2", "retryPolicy": {"retryOn": "connect-failure, 5xx", "numRetries": 2,
                     "perTryTimeout": "0.1s", "retryHostPredicate": [{"name": "envoy.retry_host_predicates.previous_hosts",
                       "typedConfig": {"@type":
                       "type.googleapis.com/envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate"}}],
                     "hostSelectionRetryMaxAttempts": 5}},
                 "typedPerFilterConfig": {"envoy.filters.http.fault": {
                   "@type": "type.googleapis.com/envoy.extensions.filters.http.fault.v3.HTTPFault",
                   "abort": {"httpStatus": 503, "percentage": {"numerator": 1, "denominator": "MILLION"}}}},
                 "metadata": {"filterMetadata": {"istio": {"config": "/apis/x"}}}}
                """))
        #expect(route.match.ignoresCase)
        let text = TextMatch.exact("true", ignoringCase: false)
        #expect(route.match.headers == [HeaderMatch(name: "canary", condition: .text(text))])
        #expect(
            route.filters == [
                "envoy.filters.http.fault": .fault(
                    FaultPolicy(abort: .init(status: .http(503), fraction: Fraction(numerator: 1, denominator: 1_000_000))))
            ])
        #expect(route.configuration == "/apis/x")
        guard case .forward(let action) = route.action, case .weighted(let clusters) = action.clusters else {
            Issue.record("not a weighted forward")
            return
        }
        #expect(clusters.map(\.weight) == [90, 10])
        #expect(clusters.last?.requestHeaders.edits == [HeaderMutations.Edit(name: "x-b", value: "1", mode: .overwrite)])
        #expect(action.timeout == .zero)
        #expect(action.pathRewrite == .prefix("/v2"))
        #expect(action.retry?.conditions == [.connectFailure, .serverError])
        #expect(action.retry?.perTryTimeout == .milliseconds(100))
        #expect(action.retry?.avoidsPreviousHosts == true)
        #expect(action.retry?.hostSelectionAttempts == 5)
    }

    @Test func `a listener keeps its chain, its inspection and its telemetry`() throws {
        let rbac = """
            {"name": "rbac", "typedConfig": {"@type": "type.googleapis.com/envoy.extensions.filters.http.rbac.v3.RBAC",
              "rules": {"action": "DENY", "policies": {"p": {
                "permissions": [{"andRules": {"rules": [{"header": {"name": ":method", "stringMatch": {"exact": "GET"}}}]}}],
                "principals": [{"notId": {"authenticated": {"principalName": {"prefix": "spiffe://"}}}}]}}}}},
            """
        let listener = try #require(
            try Self.listener(
                Self.listenerJSON(
                    manager:
                        #""streamIdleTimeout": "0s", "normalizePath": true, "upgradeConfigs": [{"upgradeType": "websocket"}],"#,
                    filters: rbac,
                    chain: #""filterChainMatch": {"transportProtocol": "raw_buffer"},"#,
                    listener: """
                        "listenerFilters": [{"name": "envoy.filters.listener.tls_inspector", "typedConfig": {"@type":
                          "type.googleapis.com/envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector"}}],
                        "listenerFiltersTimeout": "0s",
                        "metadata": {"filterMetadata": {"malla.telemetry": {"reporter": "destination"}}},
                        """)))
        #expect(listener.listenerFilters == [.tlsInspector])
        #expect(listener.inspectionTimeout == nil)
        #expect(listener.telemetry == TelemetryScope(reporter: .destination))
        #expect(listener.filterChains.first?.match.transport == .raw)
        guard case .http(let manager)? = listener.filterChains.first?.terminal else {
            Issue.record("not HTTP")
            return
        }
        #expect(manager.routes == .named("r"))
        #expect(manager.streamIdleTimeout == .zero)
        #expect(manager.upgrades == ["websocket"])
        let method = HeaderMatch(name: ":method", condition: .text(.exact("GET", ignoringCase: false)))
        let policy = AuthorizationRules.Policy(
            name: "p", permissions: [.all([.header(method)])],
            principals: [.not(.authenticated(.prefix("spiffe://", ignoringCase: false)))])
        let filter = AuthorizationFilter(rules: AuthorizationRules(action: .deny, policies: [policy]))
        #expect(manager.filters.map(\.kind) == [.authorization(filter), .router])
    }

    @Test func `a cluster of names says how they are resolved`() throws {
        let cluster = try Self.cluster(
            """
            {"name": "c", "type": "STRICT_DNS", "dnsRefreshRate": "60s", "dnsLookupFamily": "V4_ONLY", "loadAssignment": {"endpoints": [
              {"lbEndpoints": [{"endpoint": {"address": {"socketAddress": {"address": "a.example", "portValue": 80}}}}]}]}}
            """)
        #expect(
            cluster?.endpointSource
                == .named(
                    EndpointSet(endpoints: [Endpoint(address: .host("a.example", port: 80))]),
                    NameResolution(family: .ipv4Only, refreshInterval: .seconds(60))))
    }

    @Test(arguments: [
        (#"{"name": "c", "type": "ORIGINAL_DST"}"#, "lb_policy"),
        (
            #"{"name": "c", "loadAssignment": {"endpoints": [{"lbEndpoints": [{"endpoint": {"address": {"socketAddress": {"address": "a.example", "portValue": 80}}}}]}]}}"#,
            "load_assignment.endpoints[0].lb_endpoints[0].endpoint.address.socket_address.address"
        ),
        (#"{"name": "c", "type": "LOGICAL_DNS"}"#, "load_assignment"),
        (#"{"name": "c", "type": "STRICT_DNS", "dnsRefreshRate": "0s"}"#, "dns_refresh_rate"),
        (#"{"type": "STATIC"}"#, "name"),
        (#"{"name": "c", "type": "EDS"}"#, "eds_cluster_config.eds_config"),
        (#"{"name": "c", "lbSubsetConfig": {}}"#, "lb_subset_config"),
        (#"{"name": "c", "connectTimeout": "0s"}"#, "connect_timeout"),
        (#"{"name": "c", "outlierDetection": {"enforcingSuccessRate": 101}}"#, "outlier_detection.enforcing_success_rate"),
        (
            #"{"name": "c", "lbPolicy": "LEAST_REQUEST", "leastRequestLbConfig": {"slowStartConfig": {}}}"#,
            "least_request_lb_config.slow_start_config"
        ),
        (
            #"{"name": "c", "loadAssignment": {"endpoints": [{"lbEndpoints": [{"endpoint": {}}]}]}}"#,
            "load_assignment.endpoints[0].lb_endpoints[0].endpoint.address"
        ),
    ])
    func `a cluster that cannot be run is refused by field`(json: String, path: String) {
        let error = #expect(throws: DecodingError.self) { try Self.cluster(json) }
        #expect(error?.path == path)
        #expect(error?.typeURL == TypeURL.cluster)
    }

    @Test(arguments: [
        (#"{"match": {"prefix": "/"}}"#, ""),
        (#"{"route": {"cluster": "c"}}"#, ".match"),
        (#"{"match": {"safeRegex": {"regex": "("}}, "route": {"cluster": "c"}}"#, ".match.safe_regex"),
        (#"{"match": {"prefix": "/"}, "route": {"cluster": "c", "priority": "HIGH"}}"#, ".route.priority"),
        (
            #"{"match": {"prefix": "/"}, "route": {"cluster": "c", "retryPolicy": {"retryOn": "sometimes"}}}"#,
            ".route.retry_policy.retry_on"
        ),
        (#"{"match": {"prefix": "/"}, "route": {"cluster": "c", "timeout": "-1s"}}"#, ".route.timeout"),
        (
            #"{"match": {"prefix": "/"}, "route": {"weightedClusters": {"clusters": [{"name": "a", "weight": 0}]}}}"#,
            ".route.weighted_clusters"
        ),
        (#"{"match": {"prefix": "/"}, "directResponse": {"status": 1}}"#, ".direct_response.status"),
        (
            #"{"match": {"prefix": "/"}, "route": {"cluster": "c"}, "requestHeadersToRemove": [":path"]}"#,
            ".request_headers_to_remove[0]"
        ),
        (
            #"{"match": {"prefix": "/"}, "route": {"cluster": "c"}, "responseHeadersToAdd": [{"header": {"key": "x y", "value": "v"}}]}"#,
            ".response_headers_to_add[0].header.key"
        ),
        (#"{"match": {"pathSeparatedPrefix": "/a/"}, "route": {"cluster": "c"}}"#, ".match.path_separated_prefix"),
    ])
    func `a route that cannot be run is refused by field`(json: String, path: String) {
        let error = #expect(throws: DecodingError.self) { try Self.routes(json) }
        #expect(error?.path == "virtual_hosts[0].routes[0]" + path)
    }

    @Test func `what stands inside an extension is refused with the extension's type`() {
        let error = #expect(throws: DecodingError.self) {
            try Self.listener(Self.listenerJSON(manager: #""addUserAgent": true,"#))
        }
        #expect(error?.path == "filter_chains[0].filters[0].typed_config.add_user_agent")
        #expect(error?.typeURL == TypeURL.httpConnectionManager)
        let lua = #"{"name": "x", "typedConfig": {"@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router"}},"#
        let twice = #expect(throws: DecodingError.self) { try Self.listener(Self.listenerJSON(filters: lua)) }
        #expect(twice?.path == "filter_chains[0].filters[0].typed_config.http_filters")
    }

    @Test func `bytes that are no resource, unknown fields and wrong names are refused`() throws {
        #expect(throws: DecodingError.self) {
            try ResourceDecoder.decode(typeURL: TypeURL.cluster, name: "c", payload: [0xFF, 0xFF])
        }
        #expect(throws: DecodingError.self) { try ResourceDecoder.decode(typeURL: "x", name: "c", payload: []) }
        var cluster = Envoy_Config_Cluster_V3_Cluster()
        cluster.name = "c"
        let payload: [UInt8] = try cluster.serializedBytes()
        _ = try ResourceDecoder.decode(typeURL: TypeURL.cluster, name: "c", payload: payload)
        #expect(throws: DecodingError.self) {
            try ResourceDecoder.decode(typeURL: TypeURL.cluster, name: "d", payload: payload)
        }
        // Field 1000, a varint: Envoy may know it, we do not.
        let error = #expect(throws: DecodingError.self) {
            try ResourceDecoder.decode(typeURL: TypeURL.cluster, name: "c", payload: payload + [0xC0, 0x3E, 0x01])
        }
        #expect(error?.message.contains("1000 of envoy.config.cluster.v3.Cluster") == true)
    }
}
