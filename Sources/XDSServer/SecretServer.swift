// SPDX-License-Identifier: Apache-2.0
import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
import GRPCProtobuf
package import Logging
package import SPIFFE

/// Serves a sidecar's secrets to an Envoy by SDS, over a Unix socket. Whoever may open the socket gets the private key: it
/// belongs into a directory that only its owner can enter.
package final class SecretServer: Sendable {
    private let source: SecretSource
    private let registry = SessionRegistry()
    private let server: GRPCServer<HTTP2ServerTransport.Posix>

    package init(socketPath: String, credential: WorkloadCredential, logger: Logger) throws {
        let source = try SecretSource(credential)
        let identity = credential.id
        let configuration = XDSServerConfiguration(
            trustDomain: credential.id.trustDomain, plaintext: nil, secure: nil)
        let policy = SessionPolicy(
            authenticate: { _, _ in identity },
            refusal: { _, _ in nil },
            serverIdentifier: "malla-run",
            maximumWaitingRequests: configuration.maximumWaitingRequests,
            warmingTime: configuration.warmingTime,
            now: { Date() }, source: source, registry: self.registry, metrics: PushMetrics(), logger: logger)
        self.source = source
        self.server = GRPCServer(
            transport: .discovery(.unixDomainSocket(path: socketPath), configuration, tls: nil),
            services: [SecretDiscoveryService(policy: policy, source: source)])
    }

    package func run() async throws { try await self.server.serve() }

    /// Waits until the socket can be connected to.
    package func waitUntilListening() async throws { _ = try await self.server.transport.listeningAddress }

    /// Hands the renewed credential to whoever is connected.
    package func update(_ credential: WorkloadCredential) throws {
        try self.source.update(credential)
        self.registry.push { _ in true }
    }

    package func beginGracefulShutdown() {
        self.registry.shutdown()
        self.server.beginGracefulShutdown()
    }
}
