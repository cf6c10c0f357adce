// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import Testing

@testable import ProxyRuntime

/// Where a mistake stands: file, line and field, for YAML and JSON, whatever is wrong.
@Suite struct BootstrapPlaceTests {
    static func place(_ texts: String...) -> String {
        let sources = texts.enumerated().map { BootstrapSource(name: "f\($0)", text: $1) }
        do throws(BootstrapError) {
            try StaticConfigurationCheck.check(try BootstrapReader.read(sources))
            return "fine"
        } catch {
            return "\(BootstrapSource.place(of: error, in: sources)) \(error.path)"
        }
    }

    static let listener = """
        static_resources:
          listeners:
          - name: l
            address:
              socket_address: {address: 127.0.0.1, port_value: 0}
            filter_chains:
            - filters:
              - name: hcm
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                  stat_prefix: s
                  route_config:
                    virtual_hosts:
                    - name: v
                      domains: ["*"]
                      routes:
                      - match: {prefix: /}
                        ROUTE
                  OPTION
                  http_filters:
                  - name: router
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
                      ROUTER

        """

    static func with(_ option: String = "", route: String = "direct_response: {status: 200}", router: String = "") -> String {
        self.listener.replacing("OPTION", with: option).replacing("ROUTER", with: router).replacing("ROUTE", with: route)
    }

    static let manager = "static_resources.listeners[0].filter_chains[0].filters[0].typed_config"
    static let route = "\(manager).route_config.virtual_hosts[0].routes[0]"

    @Test(arguments: [
        (with(), "fine"),
        (with("typo: 1"), "f0:19 \(manager).typo"),
        (with("codec_type: HTTP3"), "f0:19 \(manager).codec_type"),
        (with("add_user_agent: true"), "f0:19 \(manager).add_user_agent"),
        (with("stream_idle_timeout: soon"), "f0:19 \(manager).stream_idle_timeout"),
        (with(route: "route: {cluster: c, typo: 1}"), "f0:18 \(route).route.typo"),
        (with(router: "start_child_span: true"), "f0:24 \(manager).http_filters[0].typed_config.start_child_span"),
        ("node:\n  id: a\n  cluter: b\n", "f0:3 node.cluter"),
        (
            "node: {id: a}\nadmin:\n  address:\n    socket_address: {address: a, port_value: 70000}\n",
            "f0:4 admin.address.socket_address.port_value"
        ),
        ("node: {id: a}\n\nhds_config: {}\n", "f0:3 hds_config"),
        ("a: [\n", "f0:2 "),
        // A bracket in a name, which is no index: looking for its end never ended.
        ("\"a[\": 1\n", "f0 a["),
        ("admin: {}\nnode:\n  id: a\n  \"b[\": 1\n", "f0:2 node.b["),
        ("a: 1\nb: 2\na: 3\n", "f0:1 "),
        ("node: {id: a}\nmalla:\n  readiness_port: x\n", "f0:3 malla.readiness_port"),
        ("{\n\t\"node\": {\n\t\t\"id\": \"a\",\n\t\t\"cluter\": \"b\"\n\t}\n}", "f0:4 node.cluter"),
        (
            "{\"staticResources\": {\n \"clusters\": [{\"name\": \"a\"},\n  {\"name\": \"b\",\n   \"connectTimeout\": \"x\"}]}}",
            "f0:4 staticResources.clusters[1].connectTimeout"
        ),
        (
            "static_resources:\n  clusters:\n  - name: a\n  - name: b\n    type: EDS\n",
            "f0:4 static_resources.clusters[1].eds_cluster_config.eds_config"
        ),
        ("static_resources:\n  secrets:\n  - name: a\n    generic_secret: {}\n", "f0:4 static_resources.secrets[0].generic_secret"),
        ("dynamic_resources:\n  ads_config:\n    api_type: REST\n", "f0:3 dynamic_resources.ads_config.api_type"),
    ])
    func `of one file`(_ text: String, _ expected: String) { #expect(Self.place(text) == expected) }

    @Test func `of two documents, that one which has the field`() {
        let base = "node: {id: a}\nadmin:\n  address: {socket_address: {address: 127.0.0.1, port_value: 1}}\n"
        #expect(Self.place(base, "{node: {cluter: b}}") == "f1:1 node.cluter")
        #expect(Self.place(base + "hds_config: {}\n", "node: {cluster: b}") == "f0:4 hds_config")
        #expect(Self.place(base, "node: [") == "f1:2 ")
    }

    @Test func `documents are merged as messages: lists grow, of two values the later counts`() throws {
        let bootstrap = try BootstrapReader.read([
            BootstrapSource(name: "", text: "node: {id: a, cluster: b}\nstatic_resources: {clusters: [{name: x}]}"),
            BootstrapSource(name: "", text: "node: {id: c}\nstatic_resources: {clusters: [{name: y}]}\nadmin:"),
        ])
        #expect(bootstrap.message.node.id == "c" && bootstrap.message.node.cluster == "b")
        #expect(bootstrap.message.staticResources.clusters.map(\.name) == ["x", "y"])
    }

    @Test func `the command line's node counts where the bootstrap has none`() throws {
        var bootstrap = try BootstrapReader.read("node: {id: a}")
        bootstrap.setDefaults(nodeID: "x", cluster: "y")
        #expect(bootstrap.message.node.id == "a" && bootstrap.message.node.cluster == "y")
    }
}
