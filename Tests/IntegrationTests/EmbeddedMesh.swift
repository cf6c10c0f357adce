// SPDX-License-Identifier: Apache-2.0
import Foundation
import MeshTestKit
import Processes
import Synchronization
import malla

/// A mesh of real processes in a directory of its own: `malla up`, and workloads by `malla run`.
final class EmbeddedMesh: Sendable {
    let directory: String
    private let environment: [String: String]
    private let children = Mutex<[ChildProcess]>([])

    private init() throws {
        // Short: it holds Unix sockets, whose paths end at 107 bytes.
        directory = "/tmp/malla-it-\(UInt32.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        var environment = ProcessInfo.processInfo.environment
        for name in ["KUBECONFIG", "http_proxy", "PORT", "MALLA_PROXY"] { environment[name] = nil }
        self.environment = environment
    }

    /// Starts a mesh, hands it to `body`, and ends every process of it.
    static func with(upArguments: [String] = [], _ body: (EmbeddedMesh) async throws -> Void) async throws {
        let mesh = try EmbeddedMesh()
        do {
            try await mesh.startControlPlane(upArguments)
            try await body(mesh)
        } catch {
            await mesh.stop()
            throw TestFailure("\(error)\n\(mesh.logs())")
        }
        await mesh.stop()
        let left = ProcessTable.commandLines(containing: mesh.directory)
        if !left.isEmpty { throw TestFailure("left behind: \(left)") }
        try? FileManager.default.removeItem(atPath: mesh.directory)
    }

    @discardableResult
    func startControlPlane(_ arguments: [String] = []) async throws -> ChildProcess {
        try? FileManager.default.removeItem(atPath: "\(directory)/run/control-plane.json")
        let child = try await start(
            ["up", "--data-dir", directory, "--api-port", "0", "--xds-port", "0", "--secure-xds-port", "0", "--metrics-port", "0"]
                + arguments,
            log: "up")
        try await poll("the control plane") { try await self.api().get("/api/v1/namespaces") != nil }
        return child
    }

    /// Nil when none runs that has not stopped orderly.
    var controlPlanePID: Int32? {
        struct Running: Decodable { var pid: Int32 }
        return FileManager.default.contents(atPath: "\(directory)/run/control-plane.json")
            .flatMap { try? JSONDecoder().decode(Running.self, from: $0).pid }
    }

    /// Starts a program of this build in the mesh's directory.
    @discardableResult
    func start(_ arguments: [String], log: String) async throws -> ChildProcess {
        let child = try await ChildProcess.start(
            ProcessLaunch(
                executable: BuiltPrograms.malla, arguments: arguments, environment: environment,
                output: .appended(toFile: "\(directory)/\(log).log"), errors: .appended(toFile: "\(directory)/\(log).log")))
        children.withLock { $0.append(child) }
        return child
    }

    /// A `malla-demo` service with its sidecar; `role` names the service too.
    @discardableResult
    func run(
        _ name: String, role: String, revision: String = "v1", port: Int, proxy: String = "malla", account: String = "default"
    ) async throws -> ChildProcess {
        try await start(
            [
                "run", "--data-dir", directory, "--name", name, "--service", role, "--service-account", account, "--label",
                "version=\(revision)", "--port", "8080:\(port)", "--proxy", proxy, "--", BuiltPrograms.demo, role, "--revision",
                revision,
            ],
            log: name)
    }

    /// `malla run` with these arguments, around `command`.
    func run(_ name: String, _ arguments: [String], command: [String]) async throws -> ChildProcess {
        try await start(["run", "--data-dir", directory, "--name", name] + arguments + ["--"] + command, log: name)
    }

    /// `malla run` around a shell command, without a port.
    func runShell(_ name: String, _ script: String) async throws -> ChildProcess {
        try await start(["run", "--data-dir", directory, "--name", name, "--", "sh", "-c", script], log: name)
    }

    func api() throws -> HTTPResourceAPI {
        try HTTPResourceAPI(ControlPlaneLocation.read(dataDirectory: directory, environment: [:]))
    }

    func entry(_ name: String, namespace: String = "default") async throws -> WorkloadObjects.Entry? {
        let path = "/apis/networking.istio.io/v1/namespaces/\(namespace)/workloadentries/\(name)"
        guard let data = try await api().get(path) else { return nil }
        return try JSONDecoder().decode(WorkloadObjects.Entry.self, from: data)
    }

    /// Applies YAML by `malla apply -f`.
    func apply(_ yaml: String) async throws {
        let file = "\(directory)/apply-\(UInt32.random(in: 0 ... .max)).yaml"
        try Data(yaml.utf8).write(to: URL(filePath: file))
        let child = try await start(["apply", "-f", file, "--kubeconfig", "\(directory)/kubeconfig"], log: "apply")
        let exit = await child.ended(within: .seconds(20))
        guard exit == .exited(0) else { throw TestFailure("apply: \(exit.map(String.init(describing:)) ?? "still running")") }
    }

    func text(_ file: String) -> String {
        FileManager.default.contents(atPath: "\(directory)/\(file)").map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    func poll(_ what: String, within limit: Duration = .seconds(60), _ condition: () async throws -> Bool) async throws {
        try await waitUntil(what, within: limit, condition)
    }

    private func stop() async {
        for child in children.withLock({ $0 }).reversed() { _ = await child.stop(grace: .seconds(15)) }
    }

    /// The last lines of every log, for a failure's message.
    private func logs() -> String {
        let files = (try? FileManager.default.subpathsOfDirectory(atPath: directory)) ?? []
        return files.filter { $0.hasSuffix(".log") }.sorted().map { file in
            let lines = text(file).split(whereSeparator: \.isNewline).suffix(8)
            return "--- \(file)\n\(lines.joined(separator: "\n"))"
        }.joined(separator: "\n")
    }
}
