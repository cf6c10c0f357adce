// SPDX-License-Identifier: Apache-2.0
import Foundation
import Processes
import Testing

extension IntegrationSuite {
    /// Connections that the system redirects to the proxy, as a mesh in a cluster has them.
    struct RedirectionTests {
        /// Needs its own network, addresses and packet filter.
        static let isPossible =
            geteuid() == 0 && ["iptables", "ip6tables", "unshare", "ip", "python3"].allSatisfy { BuiltPrograms.onPath($0) != nil }

        private static func listener(_ name: String, _ address: String) -> String {
            let type = "type.googleapis.com/envoy.extensions"
            func proxy(_ cluster: String) -> String {
                """
                filters: [{name: t, typed_config: {"@type": \(type).filters.network.tcp_proxy.v3.TcpProxy, stat_prefix: t,
                  cluster: \(cluster)}}]
                """
            }
            return """
                {name: \(name), address: {socket_address: {address: "\(address)", port_value: 15001}}, listener_filters:
                  [{name: o, typed_config: {"@type": \(type).filters.listener.original_dst.v3.OriginalDst}}], filter_chains: [
                  {filter_chain_match: {destination_port: 8001}, \(proxy("fixed"))}, {\(proxy("original"))}]}
                """
        }

        @Test(.enabled(if: isPossible, "needs root, iptables, unshare, ip and python3"))
        func `redirected connections go where they were going`() async throws {
            try await ProcessRig.with { rig in
                try rig.write(
                    """
                    admin: {address: {socket_address: {address: 127.0.0.1, port_value: 0}}}
                    static_resources:
                      listeners:
                      - \(Self.listener("v", "127.0.0.1"))
                      - \(Self.listener("w", "::1"))
                      clusters:
                      - {name: original, type: ORIGINAL_DST, lb_policy: CLUSTER_PROVIDED}
                      - {name: fixed, type: STATIC, load_assignment: {cluster_name: fixed, endpoints: [{lb_endpoints: [{endpoint:
                          {address: {socket_address: {address: 127.0.0.1, port_value: 9000}}}}]}]}}
                    """, to: "proxy.yaml")
                let program = URL(filePath: #filePath).deletingLastPathComponent()
                    .appending(path: "Programs/original_destination.py").path
                let child = try await rig.start(
                    [
                        "unshare", "--net", "python3", program, BuiltPrograms.proxy, "\(rig.directory)/proxy.yaml",
                        "\(rig.directory)/proxy.log",
                    ], log: "namespace")
                let exit = await child.ended(within: .seconds(60))
                if exit == .exited(77) || exit == .exited(1) && rig.text("namespace.log").contains("unshare") {
                    print("skipped: \(rig.text("namespace.log"))")
                    return
                }
                let lines = rig.text("namespace.log").split(separator: "\n")
                #expect(
                    lines == [
                        "10.9.9.9 8000: 10.9.9.9 8000", "fd00:9::9 8000: fd00:9::9 8000", "10.9.9.9 8001: 127.0.0.1 9000",
                        "fd00:9::9 8001: 127.0.0.1 9000",
                    ])
                guard exit == .exited(0) else { throw TestFailure("the namespace ended: \(exit.map { "\($0)" } ?? "not")") }
            }
        }
    }
}
