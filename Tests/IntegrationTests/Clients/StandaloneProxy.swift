// SPDX-License-Identifier: Apache-2.0
import Foundation
import MeshTestKit
import Processes
import malla

/// `malla-proxy -c FILE`, without a control plane, before an upstream: by plain text, behind TLS, and once through itself by HTTP/2.
struct StandaloneProxy: Sendable {
    /// Its file, certificate and log; also a place for what clients need.
    let directory: String
    private let process: ChildProcess
    let plain: Int
    let tls: Int
    let throughHTTP2: Int

    /// Starts one, hands it to `body`, ends it.
    static func with(upstream: Int, _ body: (StandaloneProxy) async throws -> Void) async throws {
        let directory = "/tmp/malla-clients-\(UInt32.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let certificate = try await ProgramRun.run(
            "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
                "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", "\(directory)/key.pem", "-out",
                "\(directory)/cert.pem",
            ])
        guard certificate.code == 0 else { throw TestFailure("openssl: \(certificate)") }
        let proxy = try await start(upstream: upstream, directory: directory)
        do {
            try await body(proxy)
        } catch {
            _ = await proxy.process.stop(SIGKILL, grace: .zero)
            throw TestFailure("\(error)\n\((try? String(contentsOfFile: "\(directory)/log", encoding: .utf8)) ?? "")")
        }
        let exit = await proxy.process.stop(grace: .seconds(20))
        guard exit == .exited(0) else { throw TestFailure("malla-proxy ended with \(exit)") }
        try? FileManager.default.removeItem(atPath: directory)
    }

    /// Resident bytes.
    var memory: Int {
        let statm = (try? String(contentsOfFile: "/proc/\(process.pid)/statm", encoding: .utf8)) ?? ""
        return (statm.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * Int(getpagesize())
    }

    private static func start(upstream: Int, directory: String) async throws -> StandaloneProxy {
        guard let plain = LoopbackProbe.freePort(), let tls = LoopbackProbe.freePort(), let through = LoopbackProbe.freePort()
        else {
            throw TestFailure("no port is free")
        }
        let file = "\(directory)/bootstrap.yaml"
        try Data(bootstrap(upstream: upstream, plain: plain, tls: tls, through: through, directory: directory).utf8)
            .write(to: URL(filePath: file))
        let process = try await ChildProcess.start(
            ProcessLaunch(
                executable: BuiltPrograms.directory.appending(path: "malla-proxy").path,
                arguments: ["-c", file, "--concurrency", "2"],
                environment: ProcessInfo.processInfo.environment, output: .appended(toFile: "\(directory)/log"),
                errors: .appended(toFile: "\(directory)/log"), parentDeathSignal: SIGKILL))
        let proxy = StandaloneProxy(directory: directory, process: process, plain: plain, tls: tls, throughHTTP2: through)
        for port in [plain, tls, through] {
            try await waitUntil("port \(port)", within: .seconds(30)) {
                let connection = try await RawConnection.open(port: port)
                await connection.close()
                return true
            }
        }
        return proxy
    }

    private static func bootstrap(upstream: Int, plain: Int, tls: Int, through: Int, directory: String) -> String {
        """
        admin: {address: {socket_address: {address: 127.0.0.1, port_value: 0}}}
        static_resources:
          listeners:
        \(listener("plain", plain, cluster: "origin", transport: ""))
        \(listener("tls", tls, cluster: "origin", transport: transport(directory)))
        \(listener("through", through, cluster: "self", transport: ""))
          clusters:
        \(cluster("origin", upstream))
        \(cluster("self", plain))
            typed_extension_protocol_options:
              envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                explicit_http_config: {http2_protocol_options: {}}
        """
    }

    private static func cluster(_ name: String, _ port: Int) -> String {
        """
          - name: \(name)
            type: STATIC
            connect_timeout: 5s
            load_assignment:
              cluster_name: \(name)
              endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: \(port)}}}}]}]
        """
    }

    private static func transport(_ directory: String) -> String {
        """
              transport_socket:
                name: tls
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
                  common_tls_context:
                    alpn_protocols: [h2, http/1.1]
                    tls_certificates:
                    - certificate_chain: {filename: \(directory)/cert.pem}
                      private_key: {filename: \(directory)/key.pem}
        """
    }

    private static func listener(_ name: String, _ port: Int, cluster: String, transport: String) -> String {
        """
          - name: \(name)
            address: {socket_address: {address: 127.0.0.1, port_value: \(port)}}
            filter_chains:
            - filters:
              - name: http
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                  stat_prefix: \(name)
                  codec_type: AUTO
                  upgrade_configs: [{upgrade_type: websocket}]
                  http_filters:
                  - name: router
                    typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
                  route_config:
                    name: \(name)
                    virtual_hosts:
                    - name: all
                      domains: ["*"]
                      routes: [{match: {prefix: "/"}, route: {cluster: \(cluster), timeout: 60s}}]
        \(transport)
        """
    }
}
