// SPDX-License-Identifier: Apache-2.0
import Foundation
import MeshTestKit
import Processes
import Testing
import malla

extension IntegrationSuite {
    /// The program drains under load, and no request fails.
    @Suite struct DrainTests {
        private static func listener(_ name: String, port: Int, codec: String = "AUTO") -> String {
            """
            {"@type": type.googleapis.com/envoy.config.listener.v3.Listener, name: \(name),
              address: {socket_address: {address: 127.0.0.1, port_value: \(port)}}, filter_chains: [{filters: [{name: http,
              typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager,
              stat_prefix: a, codec_type: \(codec), drain_timeout: 3s, http_filters: [{name: router, typed_config: {
              "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}], route_config: {name: r,
              virtual_hosts: [{name: all, domains: ["*"], routes: [{match: {prefix: "/"}, route: {cluster: origin}}]}]}}}]}]}
            """
        }

        /// Listeners come from a file, which is watched.
        private struct Proxy {
            let rig: ProcessRig
            let child: ChildProcess
            let admin: Int
            let ports: (http1: Int, http2: Int)

            static func start(_ rig: ProcessRig, origin: Int) async throws -> Proxy {
                guard let first = LoopbackProbe.freePort(), let second = LoopbackProbe.freePort() else {
                    throw TestFailure("no port is free")
                }
                let ports = (http1: first, http2: second)
                try Self.write(rig, ports, codecs: ("AUTO", "AUTO"))
                let bootstrap = """
                    admin: {address: {socket_address: {address: 127.0.0.1, port_value: 0}}}
                    node: {id: n, cluster: c}
                    dynamic_resources: {lds_config: {path_config_source: {path: \(rig.directory)/lds.yaml}}}
                    static_resources: {clusters: [{name: origin, type: STATIC, load_assignment: {cluster_name: origin,
                      endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1,
                      port_value: \(origin)}}}}]}]}}]}
                    """
                try rig.write(bootstrap, to: "proxy.yaml")
                let address = "\(rig.directory)/proxy.admin"
                let child = try await rig.start(
                    [
                        BuiltPrograms.proxy, "-c", "\(rig.directory)/proxy.yaml", "--concurrency", "2", "--admin-address-path",
                        address,
                        "--drain-time-s", "3",
                    ], log: "proxy")
                for port in [ports.http1, ports.http2] {
                    try await waitUntil("port \(port)", within: .seconds(30)) {
                        await (try RawConnection.open(port: port)).close()
                        return true
                    }
                }
                let admin = try String(contentsOfFile: address, encoding: .utf8).split(separator: ":").last.flatMap { Int($0) }
                return Proxy(rig: rig, child: child, admin: admin ?? 0, ports: ports)
            }

            /// Moved into its place, so that it is never seen half written.
            static func write(_ rig: ProcessRig, _ ports: (http1: Int, http2: Int), codecs: (String, String)) throws {
                let listeners = [
                    DrainTests.listener("one", port: ports.http1, codec: codecs.0),
                    DrainTests.listener("two", port: ports.http2, codec: codecs.1),
                ]
                try rig.write("resources:\n" + listeners.map { "- \($0)\n" }.joined(), to: "lds.next")
                guard rename("\(rig.directory)/lds.next", "\(rig.directory)/lds.yaml") == 0 else { throw TestFailure("rename") }
            }

            func ask(_ method: String, _ target: String) async throws -> String {
                try await RawConnection.exchange(
                    "\(method) \(target) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", port: self.admin
                ).text
            }
        }

        /// Runs `body` while clients of both protocols ask, and says what became of their requests.
        private static func underLoad(_ body: (Proxy, DrainLoad) async throws -> Void) async throws -> DrainLoad.Counts {
            let origin = try await OriginServer()
            let load = DrainLoad()
            try await ProcessRig.with { rig in
                let proxy = try await Proxy.start(rig, origin: origin.port)
                async let first: Void = load.run(.http1, clients: 6, port: proxy.ports.http1)
                async let second: Void = load.run(.http2, clients: 6, port: proxy.ports.http2)
                do {
                    try await waitUntil("some requests", within: .seconds(30)) { load.counts.answered > 300 }
                    try await body(proxy, load)
                } catch {
                    load.stop()
                    throw error
                }
                load.stop()
                _ = await (first, second)
            }
            try await origin.stop()
            return load.counts
        }

        @Test func `a signal to stop`() async throws {
            let counts = try await Self.underLoad { proxy, load in
                proxy.child.signal(SIGTERM)
                try await waitUntil("all clients to be refused", within: .seconds(30)) { load.counts.refused == 12 }
                #expect(await proxy.child.ended(within: .seconds(20)) == .exited(0))
            }
            #expect(counts.failures.isEmpty, "\(counts.failures)")
            #expect(counts.told > 0)
            print("drain by SIGTERM: \(counts.answered) requests answered, \(counts.told) connections told")
        }

        @Test func `a chain that changes in a watched file`() async throws {
            let counts = try await Self.underLoad { proxy, load in
                for round in 0..<10 {
                    let before = load.counts
                    let codecs = round % 2 == 0 ? ("HTTP1", "HTTP2") : ("AUTO", "AUTO")
                    try Proxy.write(proxy.rig, proxy.ports, codecs: codecs)
                    try await waitUntil("connections to be told, and requests to go on", within: .seconds(30)) {
                        load.counts.told >= before.told + 6 && load.counts.answered > before.answered + 100
                    }
                }
            }
            #expect(counts.failures.isEmpty, "\(counts.failures)")
            #expect(counts.refused == 0)
            print("drain by LDS, ten times: \(counts.answered) requests answered, \(counts.told) connections told")
        }

        @Test func `the admin's graceful drain`() async throws {
            let counts = try await Self.underLoad { proxy, load in
                #expect(try await proxy.ask("POST", "/drain_listeners?graceful").hasPrefix("HTTP/1.1 200 "))
                try await waitUntil("connections to be told", within: .seconds(30)) { load.counts.told > 50 }
                #expect(load.counts.refused == 0)
                try await waitUntil("all clients to be refused", within: .seconds(30)) { load.counts.refused == 12 }
                // The proxy itself stays.
                #expect(try await proxy.ask("GET", "/server_info").hasPrefix("HTTP/1.1 200 "))
                #expect(proxy.child.exit == nil)
            }
            #expect(counts.failures.isEmpty, "\(counts.failures)")
            print("drain by the admin: \(counts.answered) requests answered, \(counts.told) connections told")
        }
    }
}
