// SPDX-License-Identifier: Apache-2.0
import Foundation
import MeshResources
import MeshTestKit
import Testing

/// `malla apply`, `get`, `delete`, `validate` as people use them: what they print, and their exit codes (0 fine, 1 not fine,
/// 64 wrong usage, 66 input not readable, 69 control plane not reachable).
@Suite(.serialized, .enabled(if: MallaProcess.binary != nil, "the malla program is not built beside the tests"))
struct MallaCommandTests {
    private struct Malla {
        var directory: String

        func callAsFunction(_ arguments: String..., input: String = "") async throws -> ProgramRun.Outcome {
            try await launch(arguments, input: input).end()
        }

        func launch(_ arguments: [String], input: String = "") async throws -> ProgramRun {
            try await ProgramRun.start(
                MallaProcess.binary ?? "", arguments, input: input, environment: ["KUBECONFIG": directory + "/kubeconfig"])
        }
    }

    private static func withControlPlane(_ body: (Malla, MallaProcess) async throws -> Void) async throws {
        try await MallaProcess.withDirectory { directory in
            let process = try await MallaProcess.start(directory)
            do {
                try await body(Malla(directory: directory), process)
            } catch {
                await process.kill(SIGKILL)
                throw error
            }
            await process.kill(SIGTERM)
        }
    }

    private static let route = """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: a, namespace: default}
        spec:
          hosts: [a]
          http:
          - route: [{destination: {host: a}}]
        """
    private static let mistaken = route.replacing("spec:", with: "spec:\n  retries: {attempts: 3}").replacing(
        "name: a", with: "name: b")
    private static let service = "apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {ports: [{port: 80}]}"

    private func expect(
        _ outcome: ProgramRun.Outcome, _ code: Int32, _ output: String? = nil, errors: String? = nil,
        location: SourceLocation = #_sourceLocation
    ) {
        #expect(outcome.code == code, "\(outcome)", sourceLocation: location)
        if let output { #expect(outcome.output == output, "\(outcome)", sourceLocation: location) }
        if let errors { #expect(outcome.errors.contains(errors), "\(outcome)", sourceLocation: location) }
    }

    @Test(.timeLimit(.minutes(2)))
    func `apply, get and delete`() async throws {
        try await Self.withControlPlane { malla, _ in
            let both = Self.route + "\n---\n" + Self.service
            expect(
                try await malla("apply", "-f", "-", "--dry-run", input: both), 0,
                "virtualservice.networking.istio.io/a created (server dry run)\nservice/s created (server dry run)\n")
            expect(
                try await malla("apply", "-f", "-", input: both), 0,
                "virtualservice.networking.istio.io/a created\nservice/s created\n")
            expect(
                try await malla("apply", "-f", "-", input: both), 0,
                "virtualservice.networking.istio.io/a unchanged\nservice/s unchanged\n")
            let marked = Self.route.replacing(
                "namespace: default", with: "namespace: default, annotations: {kubectl.kubernetes.io/last-applied-configuration: x}"
            )
            expect(try await malla("apply", "-f", "-", input: marked), 0, "virtualservice.networking.istio.io/a configured\n")
            expect(try await malla("apply", "-f", "-", input: Self.route), 0, "virtualservice.networking.istio.io/a unchanged\n")
            expect(try await malla("get", "vs,svc", "-o", "name"), 0, "virtualservice.networking.istio.io/a\nservice/s\n")
            let table = try await malla("get", "vs,svc", "-A")
            #expect(table.output.contains("default     virtualservice.networking.istio.io/a"), "\(table)")
            expect(try await malla("get", "vs", "a", "nope"), 1, errors: "\"nope\" not found")
            expect(try await malla("get", "dr"), 0, "", errors: "No resources found in default namespace.")
            let yaml = try await malla("get", "vs", "a", "-o", "yaml")
            expect(yaml, 0)
            expect(try await malla("apply", "-f", "-", input: yaml.output), 0, "virtualservice.networking.istio.io/a unchanged\n")
            let json = try await malla("get", "vs", "-o", "json")
            #expect(try JSONTreeReader.read(Data(json.output.utf8))["items"]?.array?.count == 1)
            expect(
                try await malla("delete", "vs", "a", "--dry-run"), 0,
                "virtualservice.networking.istio.io \"a\" deleted (server dry run)\n")
            expect(
                try await malla("delete", "-f", "-", input: both), 0,
                "service \"s\" deleted\nvirtualservice.networking.istio.io \"a\" deleted\n")
            expect(try await malla("delete", "vs", "a"), 1, "", errors: "NotFound")
            expect(try await malla("delete", "vs", "a", "--ignore-not-found"), 0, "")
            expect(try await malla("delete", "ns", "default"), 1, errors: "may not be deleted")
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func `of several documents the right ones are applied, the others are named with their line`() async throws {
        try await Self.withControlPlane { malla, _ in
            let outcome = try await malla("apply", "-f", "-", input: Self.mistaken + "\n---\n" + Self.route)
            expect(outcome, 1, "virtualservice.networking.istio.io/a created\n", errors: "standard input:5: error: `spec.retries`")
            #expect(outcome.errors.contains("1 document was not applied"))
            expect(try await malla("apply", "-f", "-", "-n", "other", input: Self.route), 1, errors: "-n says other")
            expect(try await malla("delete", "-f", "-", "-n", "other", input: Self.route), 1, "", errors: "-n says other")
            expect(try await malla("get", "vs", "-o", "name"), 0, "virtualservice.networking.istio.io/a\n")
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func `a watch goes on when the server ends it, and says when the server is gone`() async throws {
        try await Self.withControlPlane { malla, process in
            let watch = try await malla.launch(["get", "vs", "-w", "-o", "name"])
            try await waitUntil("the watch shows what is made", within: .seconds(20)) {
                _ = try await malla("apply", "-f", "-", input: Self.route)
                return watch.output.contains("virtualservice.networking.istio.io/a")
            }
            await process.kill(SIGKILL)
            expect(await watch.end(), 69, errors: "is `malla up` running?")
            expect(try await malla("get", "vs"), 69, errors: "connection refused")
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func `another mesh's kubeconfig is told from a wrong credential`() async throws {
        try await Self.withControlPlane { malla, process in
            let kept = malla.directory + "/kept"
            let config = try String(contentsOfFile: malla.directory + "/kubeconfig", encoding: .utf8)
            try config.replacing(/token: .*/, with: "token: nobody").write(toFile: kept, atomically: true, encoding: .utf8)
            expect(try await malla("get", "ns", "--kubeconfig", kept), 69, errors: "refuses the credential of \(kept)")
            let other = try await malla("get", "ns", "--kubeconfig", kept)
            #expect(!other.errors.contains("nobody"))
            // Made anew on the same port: its authority is another one.
            let port = try #require(config.firstMatch(of: /https:\/\/127\.0\.0\.1:([0-9]+)/)?.output.1)
            try config.write(toFile: kept, atomically: true, encoding: .utf8)
            await process.kill(SIGTERM)
            try await MallaProcess.withDirectory { directory in
                let second = try await MallaProcess.start(directory, apiPort: String(port))
                expect(try await malla("get", "ns", "--kubeconfig", kept), 69, errors: "data directory was made anew")
                await second.kill(SIGTERM)
            }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `validate needs no control plane`() async throws {
        try await MallaProcess.withDirectory { directory in
            let malla = Malla(directory: directory)
            expect(try await malla("validate", "-f", "-", input: Self.route), 0, "standard input: 1 document is valid\n")
            let bad = try await malla("validate", "-f", "-", input: Self.route + "\n---\n" + Self.mistaken)
            expect(
                bad, 1, "", errors: "error: `spec.retries` is not a field of VirtualService; retries belongs under `spec.http[]`")
            #expect(bad.errors.hasSuffix("malla: 1 document is not valid\n"))
            #expect(!bad.errors.contains("\u{1b}["))
            let report = try await malla("validate", "-f", "-", "-o", "json", input: Self.mistaken)
            expect(report, 1)
            #expect(report.errors.isEmpty)
            let tree = try JSONTreeReader.read(Data(report.output.utf8))
            #expect(tree.bool("valid") == false)
            let finding = tree["documents"]?.array?.first?["findings"]?.array?.first
            #expect(finding?.string("path") == "spec.retries")
            #expect(finding?.int("line") == 5)
            expect(try await malla("validate", "-f", "-", input: "a: ["), 1, errors: "not YAML")
            expect(try await malla("validate", "-f", "-", input: ""), 66, errors: "no resources")
            expect(try await malla("validate", directory + "/nope"), 66, errors: "no such file")
        }
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            (["get"], Int32(64), "a kind is needed"), (["get", "pods"], 64, "no kind pods; served are"),
            (["get", "vs", "-o", "foo"], 64, "foo"), (["get", "vs", "--bogus"], 64, "--bogus"),
            (["get", "vs,dr", "-w"], 64, "one kind"),
            (["apply"], 64, "-f FILE"), (["delete"], 64, "KIND NAME"), (["delete", "vs"], 64, "--all"),
            (["validate"], 64, "-f FILE"),
            (["apply", "-f", "/nope"], 66, "no such file"), (["get", "vs"], 66, "`malla up` writes one"),
            (["get", "vs", "--kubeconfig", "/nope"], 66, "/nope"), (["up", "--api-port", "70000"], 64, "--api-port"),
        ])
    func `failures say what, where, and what to do`(_ arguments: [String], _ code: Int32, _ message: String) async throws {
        try await MallaProcess.withDirectory { directory in
            var arguments = arguments
            if arguments.prefix(3) == ["apply", "-f", "/nope"] {
                try Data(
                    "{clusters: [{name: a, cluster: {server: 'https://127.0.0.1:1'}}], contexts: [{name: a, context: {cluster: a}}], current-context: a}"
                        .utf8
                )
                .write(to: URL(filePath: directory + "/kubeconfig"))
                arguments += ["--kubeconfig", directory + "/kubeconfig"]
            }
            let outcome = try await ProgramRun.run(
                MallaProcess.binary ?? "", arguments, environment: ["KUBECONFIG": directory + "/kubeconfig"])
            expect(outcome, code, errors: message)
        }
    }
}
