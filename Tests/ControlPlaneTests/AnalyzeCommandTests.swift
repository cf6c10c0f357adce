// SPDX-License-Identifier: Apache-2.0
import Foundation
import MeshResources
import MeshTestKit
import Testing

/// `malla analyze` of files and of the running mesh.
@Suite(.serialized, .timeLimit(.minutes(2)), .enabled(if: MallaProcess.binary != nil, "malla is not built"))
struct AnalyzeCommandTests {
    private static let mesh = """
        apiVersion: v1
        kind: Service
        metadata: {name: auth-service}
        spec: {selector: {app: auth}, ports: [{name: http, port: 8080}]}
        ---
        apiVersion: networking.istio.io/v1
        kind: WorkloadEntry
        metadata: {name: auth-v1}
        spec: {address: 127.64.0.2, labels: {app: auth, version: v1}}
        """

    /// The brief's canary without the DestinationRule that it needs.
    private static let canary = """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata:
          name: auth-service
        spec:
          hosts: [auth-service]
          http:
          - route:
            - destination:
                host: auth-service
                subset: v1
        """
    private static let missing =
        "Error [IST0101] (VirtualService default/auth-service %@:11) Referenced host+subset in destinationrule not found: \"auth-service+v1\""
    private static let rule = """
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: {name: auth-service}
        spec: {host: auth-service, subsets: [{name: v1, labels: {version: v1}}]}
        """

    private static func run(_ arguments: [String], _ directory: String) async throws -> ProgramRun.Outcome {
        try await ProgramRun.run(
            MallaProcess.binary ?? "", arguments, environment: ["KUBECONFIG": directory + "/kubeconfig"])
    }

    private static func write(_ text: String, _ name: String, _ directory: String) throws -> String {
        let file = "\(directory)/\(name)"
        try Data(text.utf8).write(to: URL(filePath: file))
        return file
    }

    @Test func `of files alone`() async throws {
        try await MallaProcess.withDirectory { directory in
            let mesh = try Self.write(Self.mesh, "mesh.yaml", directory)
            let canary = try Self.write(Self.canary, "canary.yaml", directory)
            let found = try await Self.run(["analyze", "-f", mesh, "-f", canary], directory)
            #expect(found.code == 1, "\(found)")
            #expect(found.output.contains(Self.missing.replacing("%@", with: canary)), "\(found)")

            let json = try await Self.run(["analyze", mesh, canary, "-o", "json"], directory)
            let tree = try JSONTreeReader.read(Data(json.output.utf8))
            #expect(json.code == 1)
            #expect(tree.array?.first?.string("code") == "IST0101")
            #expect(tree.array?.first?.string("origin") == "VirtualService default/auth-service")

            let rule = try Self.write(Self.rule, "rule.yaml", directory)
            let sound = try await Self.run(["analyze", mesh, canary, rule], directory)
            #expect(sound.code == 0, "\(sound)")
            #expect(sound.output.contains("No validation issues found"), "\(sound)")
        }
    }

    @Test func `of the running mesh, and what apply says of it`() async throws {
        try await MallaProcess.withDirectory { directory in
            let malla = try await MallaProcess.start(directory)
            let files = [(Self.canary, "a.yaml"), (Self.mesh, "b.yaml"), (Self.rule, "c.yaml")]
            var paths: [String] = []
            for (text, name) in files { paths.append(try Self.write(text, name, directory)) }

            let alone = try await Self.run(["apply", "-f", paths[1], "-f", paths[0]], directory)
            #expect(alone.code == 0, "\(alone)")
            #expect(alone.errors.contains("[IST0101] (VirtualService default/auth-service) "), "\(alone)")
            let found = try await Self.run(["analyze"], directory)
            #expect(found.code == 1, "\(found)")
            #expect(found.output.contains("Error [IST0101] (VirtualService default/auth-service) "), "\(found)")

            // What the rule brings makes it sound, whatever comes first.
            let whole = try await Self.run(["apply"] + paths.flatMap { ["-f", $0] }, directory)
            #expect(whole.code == 0 && !whole.errors.contains("IST"), "\(whole)")
            let sound = try await Self.run(["analyze"], directory)
            #expect(sound.code == 0, "\(sound)")
            await malla.kill(SIGTERM)
        }
    }
}
