// SPDX-License-Identifier: Apache-2.0
package import Foundation

/// The bootstrap file of a sidecar, in Envoy's format: who it is, and where its control plane answers. Everything else
/// comes over ADS.
package struct SidecarBootstrap: Sendable, Hashable {
    package enum Flavour: Sendable, Hashable {
        /// Our proxy: makes its own key and gets its own certificate, by a join token.
        case malla(joinTokenFile: String, trustBundleFile: String)
        /// A stock Envoy: its secrets come over SDS from `malla run`.
        case envoy(secretSocket: String)
    }

    package struct Upstream: Sendable, Hashable {
        package var host: String
        package var port: Int
        package var localPort: Int

        package init(host: String, port: Int, localPort: Int) {
            self.host = host
            self.port = port
            self.localPort = localPort
        }
    }

    package var flavour: Flavour
    package var plan: RunPlan
    /// The workload's own, in 127.64.0.0/10.
    package var address: String
    package var upstreams: [Upstream]
    /// Where the control plane serves xDS over TLS.
    package var controlPlaneHost: String
    package var controlPlanePort: Int
    package var stateDirectory: String

    package init(
        flavour: Flavour, plan: RunPlan, address: String, upstreams: [Upstream], controlPlaneHost: String, controlPlanePort: Int,
        stateDirectory: String
    ) {
        self.flavour = flavour
        self.plan = plan
        self.address = address
        self.upstreams = upstreams
        self.controlPlaneHost = controlPlaneHost
        self.controlPlanePort = controlPlanePort
        self.stateDirectory = stateDirectory
    }

    package func json() throws -> Data {
        var members: [String: JSONTree] = [
            "node": node,
            "admin": ["address": socketAddress(address, SidecarPorts.admin)],
            "dynamic_resources": [
                "ads_config": [
                    "api_type": "DELTA_GRPC", "transport_api_version": "V3",
                    "grpc_services": [["envoy_grpc": ["cluster_name": "xds-grpc"]]],
                ],
                "lds_config": ["ads": [:], "resource_api_version": "V3", "initial_fetch_timeout": "0s"],
                "cds_config": ["ads": [:], "resource_api_version": "V3", "initial_fetch_timeout": "0s"],
            ],
        ]
        switch flavour {
        case .malla(let token, let bundle):
            members["static_resources"] = ["clusters": [controlPlaneCluster(tls: nil)]]
            members["malla"] = [
                "join_token_file": .string(token), "trust_bundle_file": .string(bundle), "state_directory": .string(stateDirectory),
                "readiness_port": .number(SidecarPorts.readiness), "prometheus_port": .number(SidecarPorts.prometheus),
            ]
        case .envoy(let socket):
            members["static_resources"] = [
                "clusters": [controlPlaneCluster(tls: envoyTLS), secretCluster(socket), adminCluster],
                "listeners": [
                    adminListener("readiness", port: SidecarPorts.readiness, path: "/healthz/ready", to: "/ready"),
                    adminListener("prometheus", port: SidecarPorts.prometheus, path: "/stats/prometheus", to: "/stats/prometheus"),
                ],
            ]
            members["layered_runtime"] = [
                "layers": [["name": "global", "static_layer": ["overload.global_downstream_max_connections": "2147483647"]]]
            ]
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(JSONTree.object(members))
    }
}
