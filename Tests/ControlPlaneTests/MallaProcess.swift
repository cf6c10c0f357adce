// SPDX-License-Identifier: Apache-2.0
import AsyncHTTPClient
import Foundation
import MeshResources
import MeshTestKit
import NIOCore
import NIOHTTP1
import NIOSSL
import Testing

/// The built `malla up`, as a child.
final class MallaProcess: Sendable {
    /// Beside the test bundle; nil when only the tests were built.
    static let binary: String? = {
        var directory = URL(filePath: CommandLine.arguments.first ?? "").deletingLastPathComponent()
        for _ in 0..<4 {
            let candidate = directory.appending(path: "malla").path
            if FileManager.default.isExecutableFile(atPath: candidate) { return candidate }
            directory.deleteLastPathComponent()
        }
        return nil
    }()

    private let program: ProgramRun
    private let directory: String

    private init(program: ProgramRun, directory: String) {
        self.program = program
        self.directory = directory
    }

    static func withDirectory(_ body: (String) async throws -> Void) async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "malla-up-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try await body(directory)
    }

    static func launch(_ directory: String, apiPort: String = "0") async throws -> MallaProcess {
        let arguments =
            ["up", "--data-dir", directory, "--api-port", apiPort]
            + ["xds", "secure-xds", "metrics"].flatMap { ["--\($0)-port", "0"] }
        return MallaProcess(program: try await ProgramRun.start(try #require(binary), arguments), directory: directory)
    }

    /// Returns when it answers.
    static func start(_ directory: String, apiPort: String = "0") async throws -> MallaProcess {
        try? FileManager.default.removeItem(atPath: directory + "/run/control-plane.json")
        let child = try await launch(directory, apiPort: apiPort)
        let deadline = ContinuousClock.now + .seconds(30)
        while !FileManager.default.fileExists(atPath: directory + "/run/control-plane.json") {
            guard child.exitCode == nil, ContinuousClock.now < deadline else { throw Unready(errors: child.errors) }
            try await Task.sleep(for: .milliseconds(10))
        }
        return child
    }

    struct Unready: Error { var errors: String }

    var pid: Int32 { program.pid }
    var errors: String { program.errors }
    /// Nil while it runs.
    var exitCode: Int32? { program.exitCode }

    func kill(_ signal: Int32) async {
        self.signal(signal)
        await waitUntilExit()
    }

    func signal(_ signal: Int32) { program.signal(signal) }

    /// The API's port and credential, for connections that a test makes itself.
    func access() throws -> (port: Int, token: String) {
        let running = try JSONTreeReader.read(Data(contentsOf: URL(filePath: directory + "/run/control-plane.json")))
        let port = running.string("api")?.split(separator: ":").last.flatMap { Int($0) }
        return (port ?? 0, try String(contentsOfFile: directory + "/api-token", encoding: .utf8))
    }

    func waitUntilExit() async { await program.end() }

    func get(_ path: String) async throws -> ManifestValue {
        let response = try await HTTPClient.shared.execute(request("GET", path), timeout: .seconds(30))
        let data = try await response.body.collect(upTo: 64 << 20)
        return try JSONTreeReader.read(Data(data.readableBytesView), limits: ManifestLimits(inputBytes: 64 << 20))
    }

    func send(_ method: String, _ path: String, _ body: String) async throws -> Int {
        try await exchange(method, path, body).status
    }

    func exchange(_ method: String, _ path: String, _ body: String) async throws -> (status: Int, tree: ManifestValue) {
        var request = try request(method, path)
        request.headers.add(name: "content-type", value: "application/json")
        request.body = .bytes(ByteBuffer(string: body))
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
        let data = try await response.body.collect(upTo: 1 << 20)
        return (Int(response.status.code), try JSONTreeReader.read(Data(data.readableBytesView)))
    }

    /// The addresses on which it answers.
    func running() throws -> ManifestValue {
        try JSONTreeReader.read(Data(contentsOf: URL(filePath: directory + "/run/control-plane.json")))
    }

    private func request(_ method: String, _ path: String) throws -> HTTPClientRequest {
        let running = try running()
        let token = try String(contentsOfFile: directory + "/api-token", encoding: .utf8)
        var request = HTTPClientRequest(url: "https://\(running.string("api") ?? "")\(path)")
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.trustRoots = .file(running.string("trustBundle") ?? "")
        request.tlsConfiguration = tls
        request.method = HTTPMethod(rawValue: method)
        request.headers.add(name: "authorization", value: "Bearer \(token)")
        return request
    }
}
