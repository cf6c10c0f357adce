// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import Observability
import Testing
import XDSProtocol

@testable import ProxyRuntime

@Suite struct BootstrapReaderTests {
    static let sidecar = """
        node:
          id: sidecar~127.64.0.9~auth-v1.default~default.svc.cluster.local
          cluster: auth.default
          metadata:
            NAMESPACE: default
            SERVICE_ACCOUNT: auth
            WORKLOAD_NAME: auth-v1
            LABELS: {app: auth, version: v1}
            CANONICAL_SERVICE: auth
            MALLA: {httpProxyPort: 15003}
        admin: {address: {socket_address: {address: 127.64.0.9, port_value: 15000}}}
        dynamic_resources:
          ads_config:
            api_type: DELTA_GRPC
            transport_api_version: V3
            grpc_services: [{envoy_grpc: {cluster_name: xds-grpc}}]
          lds_config: {ads: {}, resource_api_version: V3, initial_fetch_timeout: 0s}
          cds_config: {ads: {}, resource_api_version: V3}
        static_resources:
          clusters:
          - name: xds-grpc
            type: STATIC
            load_assignment:
              cluster_name: xds-grpc
              endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: 15012}}}}]}]
        malla: {join_token_file: /t, trust_bundle_file: /b, state_directory: /s, readiness_port: 15021, prometheus_port: 15090}
        """

    @Test func `a sidecar's bootstrap`() throws {
        let bootstrap = try BootstrapReader.read(Self.sidecar)
        #expect(bootstrap.admin == SocketEndpoint(host: "127.64.0.9", port: 15000))
        #expect(bootstrap.hasIdentity)
        let controlPlane = try bootstrap.endpoint(of: #require(bootstrap.aggregated))
        #expect(controlPlane.address == SocketEndpoint(host: "127.0.0.1", port: 15012))
        #expect(controlPlane.serverName == "istiod.istio-system.svc")
        #expect(bootstrap.workload.joinTokenFile == "/t" && bootstrap.workload.prometheusPort == 15090)
        let identity = ProxyIdentity(node: bootstrap.message.node)
        #expect(identity.namespace == "default" && identity.serviceAccount == "auth")
        let labels = identity.metadata.peerLabels(principal: nil)
        #expect(labels.workload == "auth-v1" && labels.app == "auth" && labels.canonicalRevision == "v1")
        #expect(try ResourceTable(statics: bootstrap).isEmpty)
    }

    @Test func `JSON is read as well, with typed configuration`() throws {
        let document = """
            {"static_resources": {"listeners": [{"name": "l", "address": {"socket_address": {"address": "127.0.0.1", "port_value": 0}},
              "filter_chains": [{"filters": [{"name": "tcp", "typed_config": {
                "@type": "type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy",
                "stat_prefix": "s", "cluster": "c"}}]}]}]}}
            """
        let bootstrap = try BootstrapReader.read(document)
        #expect(try ResourceTable(statics: bootstrap)[.listener].map(\.name) == ["l"])
        #expect(bootstrap.aggregated == nil && bootstrap.admin == nil)
    }

    @Test(arguments: [
        ("", "", "empty"),
        ("[1]", "", "not an object"),
        ("a: [", "", "not a YAML or JSON document"),
        ("nodes: {}", "nodes", "unknown field 'nodes'"),
        ("node: {id: x, cluter: y}", "node.cluter", "unknown field 'cluter'"),
        ("admin: {address: {socket_address: {address: h, port_value: many}}}", "admin.address.socket_address.port_value", ""),
        (
            "admin: {address: {socket_address: {address: h, port_value: 70000}}}", "admin.address.socket_address.port_value",
            "not a port"
        ),
        (
            "static_resources: {clusters: [{name: a}, {name: b, tipe: EDS}]}", "static_resources.clusters[1].tipe",
            "unknown field 'tipe'"
        ),
        (
            "static_resources: {listeners: [{filter_chains: [{filters: [{typed_config: {'@type': 'type.googleapis.com/no.such'}}]}]}]}",
            "static_resources.listeners[0].filter_chains[0].filters[0].typed_config", ""
        ),
        ("malla: {join_tokn_file: x}", "malla.join_tokn_file", "unknown field"),
        ("dynamic_resources: {ads_config: {api_type: GRPC}}", "dynamic_resources.ads_config.grpc_services", "one service"),
        (
            "dynamic_resources: {ads_config: {api_type: DELTA_GRPC, grpc_services: [{envoy_grpc: {cluster_name: x}}]}}",
            "dynamic_resources.ads_config.grpc_services[0].envoy_grpc.cluster_name", "not among"
        ),
    ])
    func `a wrong bootstrap says which field`(_ document: String, _ path: String, _ reason: String) {
        let error = #expect(throws: BootstrapError.self) { try BootstrapReader.read(document) }
        #expect(error?.path == path)
        #expect(reason.isEmpty || error?.reason.contains(reason) == true, "\(String(describing: error))")
    }
}
