// SPDX-License-Identifier: Apache-2.0
import Foundation
import Logging
import SPIFFE
import XDSClient
import XDSServer

/// What a stock Envoy does not do: makes the workload's key, gets its certificate, renews it, and serves both over SDS on
/// a Unix socket.
struct EnvoySecrets: Sendable {
    let socketPath: String
    private let client: CertificateClient
    private let server: SecretServer
    private let first: WorkloadCredential

    /// Gets the first certificate by the join token.
    init(location: ControlPlaneLocation, plan: RunPlan, joinToken: String, socketPath: String, logger: Logger) async throws {
        let domain = try TrustDomain(location.trustDomain)
        let bundle = try TrustBundle(
            trustDomain: domain, pem: String(contentsOfFile: location.trustBundleFile, encoding: .utf8))
        client = CertificateClient(
            configuration: CertificateClientConfiguration(
                host: location.secureXDSHost, port: location.secureXDSPort, bundle: bundle),
            logger: logger)
        let id = try SPIFFEID(trustDomain: domain, namespace: plan.namespace, serviceAccount: plan.serviceAccount)
        first = try await client.requestCredential(for: id, authentication: .joinToken(joinToken))
        self.socketPath = socketPath
        server = try SecretServer(socketPath: socketPath, credential: first, logger: logger)
    }

    /// Serves until cancelled, and renews at half life; while renewal fails the old certificate stays.
    func run(joinToken: @escaping @Sendable () throws -> String) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            group.addTask { try await renew(joinToken) }
            defer { server.beginGracefulShutdown() }
            try await group.next()
            group.cancelAll()
        }
    }

    func waitUntilListening() async throws { try await server.waitUntilListening() }

    private func renew(_ joinToken: @Sendable () throws -> String) async throws {
        var current = first
        while true {
            try await Task.sleep(for: RenewalSchedule.delay(for: current.svid, now: Date(), random: Double.random(in: 0..<1)))
            let expired = current.svid.notValidAfter < Date()
            do {
                current = try await client.requestCredential(
                    for: current.id, authentication: expired ? .joinToken(try joinToken()) : .current(current))
                try server.update(current)
            } catch {
                try Task.checkCancellation()
                try await Task.sleep(for: .seconds(10))
            }
        }
    }
}
