// SPDX-License-Identifier: Apache-2.0
package import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
package import Logging
import NIOCore
package import SPIFFE

/// The control plane's gRPC server: aggregated discovery and certificates, on a plaintext and on a TLS port.
///
/// `run` serves until `beginGracefulShutdown` or cancellation. Everything else may be called at any time.
package final class ADSServer: Sendable {
    private typealias Server = GRPCServer<HTTP2ServerTransport.Posix>

    package let metrics: PushMetrics
    private let registry: SessionRegistry
    private let plaintext: Server?
    private let secure: Server?

    package init(
        configuration: XDSServerConfiguration,
        source: any ResourceSource,
        issuer: any WorkloadCertificateIssuer,
        attestor: any JoinTokenVerifier,
        credentials: any ServerCredentials,
        now: @escaping @Sendable () -> Date = { Date() },
        logger: Logger
    ) {
        let metrics = PushMetrics()
        let registry = SessionRegistry()
        let authentication = CallerAuthentication(
            credentials: credentials, verifier: attestor, now: now, metrics: metrics, logger: logger)
        let policy = SessionPolicy(
            authenticate: { try await authentication.caller(context: $0, metadata: $1) },
            refusal: { NodeAuthorization.refusal(of: $0, identity: $1, trustDomain: configuration.trustDomain) },
            serverIdentifier: "malla",
            maximumWaitingRequests: configuration.maximumWaitingRequests,
            warmingTime: configuration.warmingTime,
            now: now, source: source, registry: registry, metrics: metrics, logger: logger)
        let services: [any RegistrableRPCService] = [
            AggregatedDiscoveryService(policy: policy),
            CertificateService(issuer: issuer, authentication: authentication, metrics: metrics, logger: logger),
        ]
        self.metrics = metrics
        self.registry = registry
        self.plaintext = configuration.plaintext.map {
            Server(transport: .discovery($0.socketAddress, configuration, tls: nil), services: services)
        }
        self.secure = configuration.secure.map {
            let tls = OptionalClientTLS(credentials: credentials, now: now, logger: logger)
            return Server(transport: .discovery($0.socketAddress, configuration, tls: tls), services: services)
        }
    }

    package func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for server in [self.plaintext, self.secure].compactMap({ $0 }) {
                group.addTask { try await server.serve() }
            }
            do {
                try await group.waitForAll()
            } catch {
                group.cancelAll()
                throw error
            }
        }
    }

    /// Waits until the ports are bound; throws if they cannot be.
    package func listeningAddresses() async throws -> (plaintext: ListeningAddress?, secure: ListeningAddress?) {
        (try await Self.address(of: self.plaintext), try await Self.address(of: self.secure))
    }

    /// There is a new snapshot. Each affected proxy gets what changed for it as soon as it has answered what it was sent last.
    package func push(where isAffected: (ConnectedProxy) -> Bool = { _ in true }) {
        self.registry.push(where: isAffected)
    }

    /// Sorted by node.
    package var proxyStatuses: [ProxyStatus] { self.registry.statuses }

    /// Ends the streams (clients come back elsewhere or later) and stops listening.
    package func beginGracefulShutdown() {
        self.registry.shutdown()
        self.plaintext?.beginGracefulShutdown()
        self.secure?.beginGracefulShutdown()
    }

    private static func address(of server: Server?) async throws -> ListeningAddress? {
        guard let server else { return nil }
        let address = try await server.transport.listeningAddress
        if let ipv4 = address.ipv4 { return ListeningAddress(host: ipv4.host, port: ipv4.port) }
        if let ipv6 = address.ipv6 { return ListeningAddress(host: ipv6.host, port: ipv6.port) }
        return nil
    }
}

extension ListeningAddress {
    fileprivate var socketAddress: GRPCNIOTransportCore.SocketAddress {
        self.host.contains(":")
            ? .ipv6(host: self.host, port: self.port) : .ipv4(host: self.host, port: self.port)
    }
}
