// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import Foundation
import Logging
import MeshResources
import SPIFFE
import SwiftProtobuf
import Testing
import XDSClient

/// Proxies of a control plane in another process.
extension MallaProcess {
    private struct Credential: WorkloadCredentialSource {
        let current: WorkloadCredential?
    }

    /// What a sidecar in namespace `default` with an HTTP proxy port says about itself.
    static func node(address: String, account: String) -> Envoy_Config_Core_V3_Node {
        .with {
            $0.id = "sidecar~\(address)~client.default~default.svc.cluster.local"
            $0.cluster = "client.default"
            $0.metadata.fields = [
                "NAMESPACE": .init(stringValue: "default"), "SERVICE_ACCOUNT": .init(stringValue: account),
                "WORKLOAD_NAME": .init(stringValue: "client"),
                "MALLA": .init(structValue: .with { $0.fields = ["httpProxyPort": .init(numberValue: 15003)] }),
            ]
        }
    }

    func joinToken(account: String) async throws -> String {
        let path = "/api/v1/namespaces/default/serviceaccounts/\(account)/token"
        return try #require(try await exchange("POST", path, "{}").tree["status"]?.string("token"))
    }

    /// A real client of the discovery service, with a certificate that it asked for as a sidecar does.
    func proxy(address: String, account: String) async throws -> DiscoveryClient {
        let secure = try #require(try running().string("secureXds").flatMap { URL(string: "tls://\($0)") })
        let bundle = try String(contentsOfFile: try #require(try running().string("trustBundle")), encoding: .utf8)
        let port = try #require(secure.port)
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let id = try SPIFFEID(trustDomain: .clusterLocal, namespace: "default", serviceAccount: account)
        let client = CertificateClient(
            configuration: CertificateClientConfiguration(
                host: "127.0.0.1", port: port,
                bundle: TrustBundle(trustDomain: .clusterLocal, authorities: try CertificatePEM.parse(bundle))), logger: logger)
        let credential = try await client.requestCredential(
            for: id, authentication: .joinToken(try await joinToken(account: account)))
        return DiscoveryClient(
            configuration: DiscoveryClientConfiguration(
                controlPlane: ControlPlaneConnection(
                    host: "127.0.0.1", port: port, credentials: Credential(current: credential)),
                node: Self.node(address: address, account: account)),
            random: { 0.5 }, logger: logger)
    }
}
