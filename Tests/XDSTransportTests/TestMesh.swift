// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import Foundation
import Logging
import MeshCA
import SPIFFE
import SwiftProtobuf
import XDSClient
import XDSProtocol
import XDSServer

/// A certificate authority and an ADS server on free loopback ports, for the length of one test.
struct TestMesh: Sendable {
    let directory: String
    let authority: MeshCertificateAuthority
    let tokens: JoinTokenAuthority
    let source: FakeSource
    let server: ADSServer
    let secure: ListeningAddress
    let plaintext: ListeningAddress
    let logger: Logger

    static func run<Result: Sendable>(
        _ resources: ProxyResources = ProxyResources(generation: "0", byType: [ResourceType: ResourceSet]()),
        _ body: @Sendable (TestMesh) async throws -> Result
    ) async throws -> Result {
        let directory = NSTemporaryDirectory() + "malla-xds-\(UUID().uuidString.prefix(8))"
        defer { try? FileManager.default.removeItem(atPath: directory) }
        var logger = Logger(label: "test")
        logger.logLevel = ProcessInfo.processInfo.environment["MALLA_TEST_LOG"] == nil ? .critical : .debug
        let authority = try await MeshCertificateAuthority.open(
            configuration: MeshCAConfiguration(directory: directory), logger: logger)
        let tokens = try await JoinTokenAuthority.open(directory: directory)
        let source = FakeSource(resources)
        let server = ADSServer(
            configuration: XDSServerConfiguration(
                trustDomain: .clusterLocal,
                plaintext: ListeningAddress(host: "127.0.0.1", port: 0),
                secure: ListeningAddress(host: "127.0.0.1", port: 0)),
            source: source, issuer: authority, attestor: tokens, credentials: authority, logger: logger)
        let finalLogger = logger
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            let addresses = try await server.listeningAddresses()
            guard let secure = addresses.secure, let plaintext = addresses.plaintext else { throw TestFailure.notListening }
            let mesh = TestMesh(
                directory: directory, authority: authority, tokens: tokens, source: source, server: server, secure: secure,
                plaintext: plaintext, logger: finalLogger)
            let result = try await body(mesh)
            server.beginGracefulShutdown()
            group.cancelAll()
            return result
        }
    }

    func certificateClient(bundle: TrustBundle? = nil) -> CertificateClient {
        CertificateClient(
            configuration: CertificateClientConfiguration(
                host: "127.0.0.1", port: self.secure.port, bundle: bundle ?? self.authority.trustBundle),
            logger: self.logger)
    }

    func credential(_ namespace: String = "default", _ account: String = "web") async throws -> WorkloadCredential {
        let workload = WorkloadIdentity(namespace: namespace, serviceAccount: account)
        let token = try await self.tokens.issue(for: workload).token
        return try await self.certificateClient().requestCredential(
            for: SPIFFEID(trustDomain: .clusterLocal, namespace: namespace, serviceAccount: account),
            authentication: .joinToken(token))
    }

    static func node(_ namespace: String = "default", account: String = "web") -> Envoy_Config_Core_V3_Node {
        var node = Envoy_Config_Core_V3_Node()
        node.id = "sidecar~127.64.0.1~web-v1.\(namespace)~\(namespace).svc.cluster.local"
        node.cluster = "web.\(namespace)"
        node.metadata.fields["NAMESPACE"] = .init(stringValue: namespace)
        node.metadata.fields["SERVICE_ACCOUNT"] = .init(stringValue: account)
        return node
    }

    func client(
        _ credential: WorkloadCredential, variant: DiscoveryClientConfiguration.Variant = .delta,
        node: Envoy_Config_Core_V3_Node = TestMesh.node()
    ) -> DiscoveryClient {
        DiscoveryClient(
            configuration: DiscoveryClientConfiguration(
                controlPlane: ControlPlaneConnection(
                    host: "127.0.0.1", port: self.secure.port, credentials: FixedCredential(current: credential)),
                variant: variant, node: node, backoff: Backoff(initial: .milliseconds(10), maximum: .milliseconds(50))),
            random: { 0.5 }, logger: self.logger)
    }
}

enum TestFailure: Error { case notListening, ended }

struct FixedCredential: WorkloadCredentialSource {
    let current: WorkloadCredential?
}
