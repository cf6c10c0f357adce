// SPDX-License-Identifier: Apache-2.0
import Foundation
import MeshTestKit
import Testing

/// kubectl as people use it, against `malla up`.
@Suite(
    .serialized, .enabled(if: MallaProcess.binary != nil, "the malla program is not built beside the tests"),
    .enabled(if: Kubectl.binary != nil, "kubectl is not installed"))
struct KubectlTests {
    private static func with(_ body: (Kubectl) async throws -> Void) async throws {
        try await MallaProcess.withDirectory { directory in
            let malla = try await MallaProcess.start(directory)
            do {
                try await body(Kubectl(kubeconfig: directory + "/kubeconfig", directory: directory))
            } catch {
                await malla.kill(SIGKILL)
                throw error
            }
            await malla.kill(SIGTERM)
            #expect(malla.exitCode == 0)
        }
    }

    private static func route(_ timeout: String, host: String = "a") -> String {
        """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: a, namespace: default}
        spec:
          hosts: [\(host)]
          http:
          - timeout: \(timeout)
            route: [{destination: {host: a}}]
        """
    }

    private static let service = """
        apiVersion: v1
        kind: Service
        metadata: {name: s}
        spec:
          selector: {app: s}
          ports: [{name: http, port: 80}, {name: tcp, port: 90}]
        """

    /// Runs it and expects it to go well.
    @discardableResult
    private func fine(_ outcome: ProgramRun.Outcome, _ output: String = "", location: SourceLocation = #_sourceLocation) -> String {
        #expect(outcome.code == 0, "\(outcome)", sourceLocation: location)
        #expect(output.isEmpty || outcome.output.contains(output), "\(outcome)", sourceLocation: location)
        return outcome.output
    }

    private func refused(_ outcome: ProgramRun.Outcome, _ errors: String, location: SourceLocation = #_sourceLocation) {
        #expect(outcome.code != 0, "\(outcome)", sourceLocation: location)
        #expect(outcome.errors.contains(errors), "\(outcome)", sourceLocation: location)
    }

    @Test(.timeLimit(.minutes(2)))
    func `apply, diff, get and delete`() async throws {
        try await Self.with { kubectl in
            let both = Self.route("1s") + "\n---\n" + Self.service
            fine(try await kubectl("apply", "-f", "-", "--dry-run=server", input: both), "service/s created (server dry run)")
            refused(try await kubectl("get", "svc", "s"), "NotFound")
            fine(
                try await kubectl("apply", "-f", "-", input: both),
                "virtualservice.networking.istio.io/a created\nservice/s created")
            fine(
                try await kubectl("apply", "-f", "-", input: both),
                "virtualservice.networking.istio.io/a unchanged\nservice/s unchanged")
            let difference = try await kubectl("diff", "-f", "-", input: Self.route("2s"))
            #expect(difference.code == 1)
            #expect(
                difference.output.contains("-  - timeout: 1s") || difference.output.contains("-    timeout: 1s"), "\(difference)")
            fine(try await kubectl("apply", "-f", "-", input: Self.route("2s")), "/a configured")
            fine(try await kubectl("apply", "-f", "-", "--validate=true", input: Self.route("2s")), "/a unchanged")
            #expect(
                fine(try await kubectl("get", "vs")).split(separator: "\n")[0].split(separator: " ") == [
                    "NAME", "GATEWAYS", "HOSTS", "AGE",
                ])
            fine(try await kubectl("get", "svc", "-o", "wide"), "SELECTOR")
            fine(try await kubectl("get", "vs", "a", "-o", "yaml"), "timeout: 2s")
            fine(try await kubectl("get", "vs", "a", "-o", "json"), "\"timeout\": \"2s\"")
            fine(
                try await kubectl("get", "virtualservices.v1alpha3.networking.istio.io", "a", "-o", "yaml"),
                "apiVersion: networking.istio.io/v1alpha3")
            fine(try await kubectl("get", "vs,svc", "-A", "--show-labels"), "virtualservice.networking.istio.io/a")
            fine(try await kubectl("describe", "vs", "a"), "Timeout:")
            fine(try await kubectl("delete", "-f", "-", input: both), "service \"s\" deleted")
            refused(try await kubectl("get", "vs", "a"), "virtualservices.networking.istio.io \"a\" not found")
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func `a mistake is refused with its place, whoever validates`() async throws {
        try await Self.with { kubectl in
            let bad = Self.route("1s").replacing("spec:", with: "spec:\n  retries: {attempts: 3}")
            for flag in ["--validate=strict", "--validate=warn", "--validate=false", "--dry-run=server"] {
                refused(try await kubectl("apply", "-f", "-", flag, input: bad), "retries belongs under `spec.http[]`")
            }
            refused(try await kubectl("get", "vs", "a"), "NotFound")
            refused(try await kubectl("get", "deployments"), "doesn't have a resource type \"deployments\"")
            refused(try await kubectl("apply", "--server-side", "-f", "-", input: Self.service), "server-side apply is not served")
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func `patch, label, annotate, edit, replace`() async throws {
        try await Self.with { kubectl in
            fine(try await kubectl("create", "-f", "-", input: Self.route("1s") + "\n---\n" + Self.service))
            refused(try await kubectl("create", "-f", "-", input: Self.service), "AlreadyExists")
            fine(try await kubectl("patch", "vs", "a", "--type", "merge", "-p", #"{"spec":{"hosts":["b"]}}"#), "patched")
            fine(
                try await kubectl("patch", "vs", "a", "--type", "json", "-p", #"[{"op":"add","path":"/spec/hosts/-","value":"c"}]"#)
            )
            fine(try await kubectl("get", "vs"), #"["b","c"]"#)
            refused(
                try await kubectl("patch", "vs", "a", "--type", "json", "-p", #"[{"op":"remove","path":"/spec/nope"}]"#),
                "does not fit")
            refused(try await kubectl("patch", "vs", "a", "--type", "strategic", "-p", "{}"), "for core kinds")
            fine(try await kubectl("patch", "svc", "s", "-p", #"{"spec":{"ports":[{"port":90,"name":"grpc"}]}}"#))
            fine(try await kubectl("get", "svc", "s", "-o", "jsonpath={.spec.ports[*].name}"), "http grpc")
            fine(try await kubectl("label", "vs", "a", "x=y"), "labeled")
            fine(try await kubectl("annotate", "svc", "s", "m=n"), "annotated")
            fine(try await kubectl("get", "vs", "-l", "x in (y,z)", "-o", "name"), "/a")
            let old = fine(try await kubectl("get", "vs", "a", "-o", "yaml"))
            fine(try await kubectl("edit", "vs", "a", editor: "sed -i s/1s/3s/"), "edited")
            refused(try await kubectl("replace", "-f", "-", input: old), "Conflict")
            fine(try await kubectl("replace", "-f", "-", input: Self.route("4s")), "replaced")
            fine(try await kubectl("get", "vs", "a", "-o", "jsonpath={.spec.http[0].timeout}"), "4s")
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func `what kubectl makes itself comes as protobuf`() async throws {
        try await Self.with { kubectl in
            fine(try await kubectl("create", "namespace", "shop"), "namespace/shop created")
            fine(try await kubectl("wait", "--for=jsonpath={.status.phase}=Active", "ns/shop"))
            fine(try await kubectl("create", "sa", "cart", "-n", "shop"), "created")
            fine(try await kubectl("create", "token", "cart", "-n", "shop"), "ey")
            fine(try await kubectl("create", "service", "clusterip", "web", "--tcp=80:8080", "--tcp=90:named", "-n", "shop"))
            fine(try await kubectl("get", "svc", "web", "-n", "shop", "-o", "jsonpath={.spec.ports[*].targetPort}"), "8080 named")
            fine(try await kubectl("expose", "svc", "web", "--name=front", "--port=81", "-n", "shop"), "exposed")
            fine(try await kubectl("get", "all", "-n", "shop", "-o", "name"), "service/front\nservice/web")
            fine(try await kubectl("delete", "ns", "shop"), "deleted")
            #expect(fine(try await kubectl("get", "svc", "-A", "-o", "name")) == "")
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func `discovery and explain`() async throws {
        try await Self.with { kubectl in
            let kinds = fine(try await kubectl("api-resources", "--no-headers"))
            #expect(kinds.split(separator: "\n").count == 10)
            fine(try await kubectl("api-versions"), "security.istio.io/v1beta1")
            fine(try await kubectl("explain", "vs.spec.http.retries"), "perTryTimeout\t<string>")
            fine(try await kubectl("explain", "vs.spec.http.retries", "--output=plaintext-openapiv2"), "perTryTimeout\t<string>")
            fine(try await kubectl("explain", "svc", "--recursive"), "targetPort")
            fine(try await kubectl("version"), "Server Version: v1.")
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func `a watch shows what comes and goes`() async throws {
        try await Self.with { kubectl in
            let watch = try await kubectl.launch(["get", "vs", "-w", "--output-watch-events", "--no-headers"])
            try await waitUntil("the watch shows what is made", within: .seconds(20)) {
                _ = try await kubectl("apply", "-f", "-", input: Self.route("1s"))
                return watch.output.contains("ADDED")
            }
            fine(try await kubectl("label", "vs", "a", "x=y"))
            fine(try await kubectl("delete", "vs", "a"))
            try await waitUntil("the watch shows the end", within: .seconds(20)) { watch.output.contains("DELETED") }
            #expect(watch.output.contains("MODIFIED"))
            watch.signal(SIGTERM)
            await watch.end()
        }
    }

    @Test(.timeLimit(.minutes(2)))
    func `a wrong token, and another mesh's authority, are told apart`() async throws {
        try await Self.with { kubectl in
            let config = try String(contentsOfFile: kubectl.kubeconfig, encoding: .utf8)
            #expect(try FileManager.default.attributesOfItem(atPath: kubectl.kubeconfig)[.posixPermissions] as? Int == 0o600)
            func altered(_ name: String, _ lines: (Substring) -> String?) throws -> Kubectl {
                let text = config.split(separator: "\n").compactMap(lines).joined(separator: "\n")
                let path = "\(kubectl.directory)/\(name)"
                try text.write(toFile: path, atomically: true, encoding: .utf8)
                return Kubectl(kubeconfig: path, directory: kubectl.directory)
            }
            let stranger = try altered("stranger") { $0.contains("token:") ? "    token: nobody" : String($0) }
            refused(try await stranger("get", "ns"), "You must be logged in to the server")
            let misled = try altered("misled") { $0.contains("certificate-authority-data") ? nil : String($0) }
            refused(try await misled("get", "ns"), "certificate")
        }
    }
}
