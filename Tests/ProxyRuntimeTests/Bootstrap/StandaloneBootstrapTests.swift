// SPDX-License-Identifier: Apache-2.0
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

    @Test func `a control plane without TLS needs no identity, and only what is asked for is awaited`() throws {
        let bootstrap = try BootstrapReader.read(Self.control(dynamic: "  lds_config: {ads: {}}"))
        #expect(bootstrap.controlPlane?.isPlaintext == true && bootstrap.controlPlane?.types == [.listener])
        let both = try BootstrapReader.read(Self.control(dynamic: "  lds_config: {ads: {}}\n  cds_config: {ads: {}}"))
        #expect(both.controlPlane?.types == [.listener, .cluster])
    }

    @Test func `files`() throws {
        let bootstrap = try BootstrapReader.read(
            "dynamic_resources: {lds_config: {path_config_source: {path: /l}}, cds_config: {path_config_source: {path: /c}}}")
        #expect(bootstrap.files == [.listener: "/l", .cluster: "/c"] && bootstrap.controlPlane == nil)
    }

    @Test(arguments: [
        (
            control("    transport_socket: {name: tls}"), "static_resources.clusters[0].transport_socket",
            "malla.trust_bundle_file"
        ),
        (control(ads: "api_type: GRPC"), "dynamic_resources.ads_config.api_type", "DELTA_GRPC"),
        ("dynamic_resources: {lds_config: {ads: {}}}", "dynamic_resources.lds_config.ads", "ads_config"),
        (
            "dynamic_resources: {cds_config: {api_config_source: {api_type: GRPC}}}",
            "dynamic_resources.cds_config.api_config_source", ""
        ),
        (
            "dynamic_resources: {cds_config: {path_config_source: {}}}", "dynamic_resources.cds_config.path_config_source.path",
            "empty"
        ),
        ("dynamic_resources: {cds_config: {}}", "dynamic_resources.cds_config", "only ads"),
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

    @Test(arguments: [
        (http("http_filters: []"), "\(place).http_filters", "HttpConnectionManager"),
        (http("http_filters: [\(router)]\n          proxy_100_continue: true"), "\(place).proxy_100_continue", "not supported"),
        (
            "static_resources: {clusters: [{name: a, type: ORIGINAL_DST}]}", "static_resources.clusters[0].lb_policy",
            "envoy.config.cluster.v3.Cluster"
        ),
        ("static_resources: {clusters: [{name: a}, {name: a}]}", "static_resources.clusters[1]", "another cluster 'a'"),
        ("static_resources: {clusters: [{}]}", "static_resources.clusters[0].name", "empty"),
        ("static_resources: {listeners: [{name: l}]}", "static_resources.listeners[0].address", ""),
    ])
    func `what cannot be run is refused with place and type`(_ text: String, _ path: String, _ reason: String) throws {
        let bootstrap = try BootstrapReader.read(text)
        let error = #expect(throws: BootstrapError.self) { try StaticConfigurationCheck.check(bootstrap) }
        #expect(error?.path == path && (reason.isEmpty || error?.reason.contains(reason) == true), "\(String(describing: error))")
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
}
