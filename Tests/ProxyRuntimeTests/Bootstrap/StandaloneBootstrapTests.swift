// SPDX-License-Identifier: Apache-2.0
import ProxyModel
import ProxyRuntime
import Testing
import XDSProtocol

/// Bootstraps of a proxy that stands alone.
@Suite struct StandaloneBootstrapTests {
    static func control(_ socket: String = "", ads: String = "api_type: DELTA_GRPC", dynamic: String = "") -> String {
        """
        dynamic_resources:
          ads_config: {\(ads), grpc_services: [{envoy_grpc: {cluster_name: x}}]}
        \(dynamic)
        static_resources:
          clusters:
          - name: x
            load_assignment: {endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: 1}}}}]}]}
        \(socket)
        """
    }

    static let service = "grpc_services: [{envoy_grpc: {cluster_name: x}}]"

    @Test func `only what is asked for is awaited, and only the mesh's own control plane gives an identity`() throws {
        let bootstrap = try BootstrapReader.read(Self.control(dynamic: "  lds_config: {ads: {}}"))
        #expect(bootstrap.aggregated == DiscoveryService(cluster: "x", isDelta: true) && !bootstrap.hasIdentity)
        #expect(bootstrap.sources == [.listener: .aggregated])
        let both = try BootstrapReader.read(
            Self.control(ads: "api_type: GRPC", dynamic: "  lds_config: {ads: {}}\n  cds_config: {ads: {}}"))
        #expect(both.aggregated?.isDelta == false && both.sources == [.listener: .aggregated, .cluster: .aggregated])
    }

    @Test func `files`() throws {
        let bootstrap = try BootstrapReader.read(
            "dynamic_resources: {lds_config: {path_config_source: {path: /l}}, cds_config: {path_config_source: {path: /c}}}")
        #expect(bootstrap.sources == [.listener: .file("/l"), .cluster: .file("/c")] && bootstrap.aggregated == nil)
    }

    @Test func `streams of one type, with what they begin with`() throws {
        let bootstrap = try BootstrapReader.read(
            Self.control(
                dynamic: """
                      lds_config:
                        api_config_source:
                          api_type: GRPC
                          grpc_services:
                          - envoy_grpc: {cluster_name: x, authority: a}
                            initial_metadata: [{key: X-Tenant, value: blue}]
                    """))
        #expect(
            bootstrap.sources == [
                .listener: .service(
                    DiscoveryService(
                        cluster: "x", isDelta: false, authority: "a",
                        initialMetadata: [DiscoveryService.Header(name: "x-tenant", value: "blue")]))
            ])
    }

    static let lds = "dynamic_resources.lds_config"

    @Test(arguments: [
        (
            control("    transport_socket: {name: tls}"), "static_resources.clusters[0].transport_socket",
            "has no configuration"
        ),
        (control(ads: "api_type: REST"), "dynamic_resources.ads_config.api_type", "GRPC and DELTA_GRPC"),
        (control(ads: "api_type: GRPC, refresh_delay: 1s"), "dynamic_resources.ads_config.refresh_delay", "not supported"),
        (control(ads: "api_type: GRPC, transport_api_version: V2"), "dynamic_resources.ads_config.transport_api_version", "V3"),
        ("dynamic_resources: {lds_config: {ads: {}}}", "\(lds).ads", "ads_config"),
        ("dynamic_resources: {lds_config: {api_config_source: {api_type: GRPC}}}", "\(lds).api_config_source.grpc_services", "one"),
        (
            "dynamic_resources: {lds_config: {api_config_source: {api_type: GRPC, \(service)}}}",
            "\(lds).api_config_source.grpc_services[0].envoy_grpc.cluster_name", "not among"
        ),
        (
            control(dynamic: "  lds_config: {api_config_source: {api_type: AGGREGATED_GRPC, \(service)}}"),
            "\(lds).api_config_source.api_type", "GRPC and DELTA_GRPC"
        ),
        (
            control(
                dynamic: "  lds_config: {api_config_source: {api_type: GRPC, grpc_services: [{envoy_grpc: {cluster_name: x}, "
                    + "initial_metadata: [{key: grpc-timeout, value: 1S}]}]}}"),
            "\(lds).api_config_source.grpc_services[0].initial_metadata[0].key", "no header"
        ),
        (
            "dynamic_resources: {cds_config: {path_config_source: {}}}", "dynamic_resources.cds_config.path_config_source.path",
            "empty"
        ),
        ("dynamic_resources: {cds_config: {}}", "dynamic_resources.cds_config", "has no source"),
        ("dynamic_resources: {cds_config: {self: {}}}", "dynamic_resources.cds_config.self", "not supported"),
    ])
    func `what is not acted on is refused with its place`(_ text: String, _ path: String, _ reason: String) {
        let error = #expect(throws: BootstrapError.self) { try BootstrapReader.read(text) }
        #expect(error?.path == path && (reason.isEmpty || error?.reason.contains(reason) == true), "\(String(describing: error))")
    }

    static func http(_ filter: String) -> String {
        """
        static_resources:
          listeners:
          - address: {socket_address: {address: 127.0.0.1, port_value: 0}}
            filter_chains:
            - filters:
              - name: h
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                  stat_prefix: s
                  route_config: {name: r, virtual_hosts: [{name: h, domains: ["*"], routes: [{match: {prefix: /}, direct_response: {status: 200}}]}]}
                  \(filter)
        """
    }
    static let router =
        "{name: r, typed_config: {'@type': type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}"
    static let place = "static_resources.listeners[0].filter_chains[0].filters[0].typed_config"

    @Test func `a configuration that can be run passes the check`() throws {
        try StaticConfigurationCheck.check(BootstrapReader.read(Self.http("http_filters: [\(Self.router)]")))
    }

    /// A second cluster with this in its TLS context.
    static func secured(_ settings: String) -> String {
        """
        static_resources:
          clusters:
          - {name: a}
          - name: b
            transport_socket:
              name: tls
              typed_config:
                "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext
                common_tls_context: {\(settings)}
        """
    }

    @Test func `files of certificates may still come, but not where all has to be right`() throws {
        let bootstrap = try BootstrapReader.read(Self.secured("validation_context: {trusted_ca: {filename: /nowhere}}"))
        try StaticConfigurationCheck.check(bootstrap)
    }

    @Test(arguments: [
        (http("http_filters: []"), "\(place).http_filters", "HttpConnectionManager"),
        (http("http_filters: [\(router)]\n          add_user_agent: true"), "\(place).add_user_agent", "not supported"),
        (
            "static_resources: {clusters: [{name: a, type: ORIGINAL_DST}]}", "static_resources.clusters[0].lb_policy",
            "envoy.config.cluster.v3.Cluster"
        ),
        ("static_resources: {clusters: [{name: a}, {name: a}]}", "static_resources.clusters[1]", "another cluster 'a'"),
        (
            "static_resources: {clusters: [{name: a, type: EDS, eds_cluster_config: {eds_config: {ads: {}}}}]}",
            "static_resources.clusters[0]", "ads needs dynamic_resources.ads_config"
        ),
        (
            "static_resources: {clusters: [{name: a, type: EDS, eds_cluster_config: {eds_config: {api_config_source: "
                + "{api_type: GRPC, \(service)}}}}]}",
            "static_resources.clusters[0]", "'x' is not among static_resources.clusters"
        ),
        (
            "static_resources: {clusters: [{name: a, type: EDS, eds_cluster_config: {eds_config: {api_config_source: "
                + "{api_type: GRPC, \(service)}}}}, {name: x, type: STATIC, typed_extension_protocol_options: {o: {\"@type\": "
                + "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions, explicit_http_config: "
                + "{http2_protocol_options: {}}, upstream_http_protocol_options: {auto_sni: true}}}}]}",
            "static_resources.clusters[0]", "static_resources.clusters[1]: a control plane is asked for by sni"
        ),
        ("static_resources: {secrets: [{name: s, generic_secret: {}}]}", "static_resources.secrets[0].generic_secret", ""),
        ("static_resources: {clusters: [{}]}", "static_resources.clusters[0].name", "empty"),
        ("static_resources: {listeners: [{name: l}]}", "static_resources.listeners[0].address", ""),
        (secured("tls_params: {cipher_suites: [NOPE]}"), "static_resources.clusters[1]", "cipher suite NOPE is not known"),
        (
            secured("tls_params: {tls_minimum_protocol_version: TLSv1_3, tls_maximum_protocol_version: TLSv1_2}"),
            "static_resources.clusters[1]", "the range of TLS versions is empty"
        ),
        (
            secured("validation_context: {trusted_ca: {filename: /nowhere}}"), "static_resources.clusters[1]",
            "trusted roots /nowhere"
        ),
        (
            http("http_filters: [\(router)]\n          upgrade_configs: [{upgrade_type: websocket}, {upgrade_type: WebSocket}]"),
            "\(place).upgrade_configs[1].upgrade_type", "stands twice"
        ),
        (
            http(
                "http_filters: [\(router)]\n          common_http_protocol_options: {max_connection_duration_jitter: {value: 101}}"),
            "\(place).common_http_protocol_options.max_connection_duration_jitter", "is no percentage"
        ),
    ])
    func `what cannot be run is refused with place and type`(_ text: String, _ path: String, _ reason: String) throws {
        let bootstrap = try BootstrapReader.read(text)
        let error = #expect(throws: BootstrapError.self) {
            try StaticConfigurationCheck.check(bootstrap, needsFiles: true)
        }
        #expect(error?.path == path && (reason.isEmpty || error?.reason.contains(reason) == true), "\(String(describing: error))")
    }

    @Test(arguments: [
        ("static_resources: {clusters: [{name: a, health_checks: [{timeout: 1s}]}]}", "static_resources.clusters[0].health_checks"),
        ("cluster_manager: {load_stats_config: {api_type: GRPC}}", "cluster_manager"),
        (http("http_filters: [\(router)]\n          strange: {a: {b: 1}}"), "\(place).strange"),
    ])
    func `an unknown field is named, not what stands in it`(_ text: String, _ path: String) {
        let error = #expect(throws: BootstrapError.self) { try BootstrapReader.read(text) }
        #expect(error?.path == path && error?.reason.hasPrefix("unknown field '") == true, "\(String(describing: error))")
    }

    /// The protobuf library reads what stands inside typed configurations late, and what is wrong there as nothing.
    @Test(arguments: [
        ("\(router.dropLast(2)), typo: 1}}", ".http_filters[0].typed_config.typo", "unknown field 'typo'"),
        ("\(router.dropLast(2)), start_child_span: 7}}", ".http_filters[0].typed_config.start_child_span", "cannot be read"),
    ])
    func `a mistake inside a typed configuration is found`(_ filter: String, _ path: String, _ reason: String) {
        let error = #expect(throws: BootstrapError.self) { try BootstrapReader.read(Self.http("http_filters: [\(filter)]")) }
        #expect(error?.path == Self.place + path && error?.reason.contains(reason) == true, "\(String(describing: error))")
    }

    @Test func `a type that we do not have is refused with its name`() {
        let text = Self.http(
            "http_filters: [{name: lua, typed_config: {'@type': type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua}}]")
        let error = #expect(throws: BootstrapError.self) { try BootstrapReader.read(text) }
        #expect(error?.path == "\(Self.place).http_filters[0].typed_config")
        #expect(
            error?.reason.contains("envoy.extensions.filters.http.lua.v3.Lua is not supported") == true,
            "\(String(describing: error))")
    }

    private static func balanced(_ policies: String...) -> String {
        let types = policies.map {
            "{typed_extension_config: {name: p, typed_config: {'@type': type.googleapis.com/envoy.extensions.load_balancing_policies.\($0)}}}"
        }
        return "static_resources: {clusters: [{name: a, load_balancing_policy: {policies: [\(types.joined(separator: ", "))]}}]}"
    }

    @Test func `of a cluster's balancing policies those that we do not have are passed over`() throws {
        let other = "client_side_weighted_round_robin.v3.ClientSideWeightedRoundRobin"
        try StaticConfigurationCheck.check(BootstrapReader.read(Self.balanced(other, "random.v3.Random", other)))
        let error = #expect(throws: BootstrapError.self) { try BootstrapReader.read(Self.balanced(other, other)) }
        #expect(
            error?.path
                == "static_resources.clusters[0].load_balancing_policy.policies[0].typed_extension_config.typed_config")
        #expect(error?.reason.contains("ClientSideWeightedRoundRobin is not supported") == true, "\(String(describing: error))")
    }

    private static func routed(_ action: String, _ rest: String = "") -> String {
        Self.http("http_filters: [\(Self.router)]").replacing("direct_response: {status: 200}", with: "route: \(action)")
            .replacing("name: r, virtual", with: "name: r\(rest), virtual") + "\n  clusters: [{name: up}]"
    }

    @Test(arguments: [
        ("{cluster: up}", ""), ("{cluster: nobody}", ".cluster"),
        (
            "{weighted_clusters: {clusters: [{name: up, weight: 1}, {name: nobody, weight: 1}]}}",
            ".weighted_clusters.clusters[1].name"
        ),
        ("{cluster: up, request_mirror_policies: [{cluster: nobody}]}", ".request_mirror_policies[0].cluster"),
    ])
    func `routes in a file name clusters that there are`(_ action: String, _ path: String) throws {
        try StaticConfigurationCheck.check(BootstrapReader.read(Self.routed(action, ", validate_clusters: false")))
        let bootstrap = try BootstrapReader.read(Self.routed(action))
        if path.isEmpty { return try StaticConfigurationCheck.check(bootstrap) }
        let error = #expect(throws: BootstrapError.self) { try StaticConfigurationCheck.check(bootstrap) }
        #expect(error?.path == "\(Self.place).route_config.virtual_hosts[0].routes[0].route\(path)")
    }
}
