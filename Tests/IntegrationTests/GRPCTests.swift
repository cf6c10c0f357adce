// SPDX-License-Identifier: Apache-2.0
import Foundation
import Processes
import Testing
import malla

extension IntegrationSuite {
    /// Python's grpcio on both sides, over mutual TLS between sidecars.
    @Suite(.enabled("python3 has no grpcio: pip install grpcio") { await ClientPrograms.python(has: "grpc") })
    struct GRPCTests {
        private static func program(_ name: String) -> String {
            URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Programs/\(name).py").path
        }

        @Test(arguments: ["malla", "envoy"])
        func `calls of every kind pass between two sidecars`(client: String) async throws {
            guard client == "malla" || BuiltPrograms.envoy != nil else { return }
            try await EmbeddedMesh.with { mesh in
                let service = try DemoControl.withFreePort().port
                let local = try DemoControl.withFreePort().port
                _ = try await mesh.run(
                    "greeter-v1", ["--service", "greeter", "--port", "grpc=8080:\(service)"],
                    command: ["python3", Self.program("grpc_service")])
                try await mesh.poll("the service") { try await mesh.entry("greeter-v1") != nil }
                let caller = try await mesh.run(
                    "caller", ["--proxy", client, "--upstream", "greeter:8080:\(local)"],
                    command: ["python3", Self.program("grpc_client"), "\(local)"])
                let exit = await caller.ended(within: .seconds(90))
                #expect(exit == .exited(0), "\(mesh.text("caller.log"))")
                print("gRPC through \(client) and malla: \(mesh.text("caller.log"))")
            }
        }
    }
}
