// SPDX-License-Identifier: Apache-2.0
import Foundation
import MeshTestKit
import Processes
import Synchronization

/// Processes of one test, in a directory of their own; all are ended with it.
final class ProcessRig: Sendable {
    let directory: String
    private let children = Mutex<[ChildProcess]>([])

    private init() throws {
        // Short: it may hold Unix sockets.
        self.directory = "/tmp/malla-rig-\(UInt32.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(
            atPath: self.directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
    }

    static func with(_ body: (ProcessRig) async throws -> Void) async throws {
        let rig = try ProcessRig()
        do {
            try await body(rig)
        } catch {
            await rig.stop()
            throw TestFailure("\(error)\n\(rig.logs())")
        }
        await rig.stop()
        try? FileManager.default.removeItem(atPath: rig.directory)
    }

    private func stop() async {
        let children = self.children.withLock { children in
            defer { children = [] }
            return children
        }
        // The youngest first: clients before servers.
        for child in children.reversed() { _ = await child.stop(SIGINT, grace: .seconds(5)) }
    }

    @discardableResult
    func start(_ command: [String], log: String) async throws -> ChildProcess {
        guard let program = command.first, let executable = BuiltPrograms.onPath(program) else {
            throw TestFailure("\(command.first ?? "nothing") is not installed")
        }
        let path = "\(self.directory)/\(log).log"
        let child = try await ChildProcess.start(
            ProcessLaunch(
                executable: executable, arguments: Array(command.dropFirst()), environment: ProcessInfo.processInfo.environment,
                input: .null, output: .appended(toFile: path), errors: .appended(toFile: path), parentDeathSignal: SIGKILL))
        self.children.withLock { $0.append(child) }
        return child
    }

    /// Runs a command to its end; what it printed. Anything but exit code 0 is an error.
    func run(_ command: [String], within limit: Duration = .seconds(60)) async throws -> String {
        let log = "run-\(UInt32.random(in: 0 ... .max))"
        let child = try await self.start(command, log: log)
        let exit = await child.ended(within: limit)
        let text = self.text("\(log).log")
        guard exit == .exited(0) else { throw TestFailure("\(command): \(exit.map { "\($0)" } ?? "no end")\n\(text)") }
        return text
    }

    func write(_ text: String, to name: String) throws {
        try text.write(toFile: "\(self.directory)/\(name)", atomically: true, encoding: .utf8)
    }

    func text(_ name: String) -> String { (try? String(contentsOfFile: "\(self.directory)/\(name)", encoding: .utf8)) ?? "" }

    private func logs() -> String {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: self.directory)) ?? []
        return names.filter { $0.hasSuffix(".log") }.sorted().map { "== \($0)\n\(self.text($0).suffix(4000))" }
            .joined(separator: "\n")
    }

    /// A `malla-proxy`, or a program that takes the same arguments, from a bootstrap; its listeners' ports by their names, once they
    /// listen.
    func startProxy(
        _ name: String, bootstrap: String, program: String = BuiltPrograms.proxy, arguments: [String] = []
    ) async throws -> [String: Int] {
        try self.write(bootstrap, to: "\(name).yaml")
        let address = "\(self.directory)/\(name).admin"
        let child = try await self.start(
            [program, "-c", "\(self.directory)/\(name).yaml", "--concurrency", "1", "--admin-address-path", address] + arguments,
            log: name)
        var ports: [String: Int] = [:]
        try await waitUntil("\(name) to listen", within: .seconds(30)) {
            if let exit = child.exit { throw TestFailure("\(name) ended: \(exit)") }
            let admin = try String(contentsOfFile: address, encoding: .utf8).split(separator: ":").last.flatMap { Int($0) }
            let answer = try await RawConnection.exchange(
                "GET /listeners HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", port: admin ?? 0)
            for match in answer.text.matches(of: /([a-z]+)::127\.0\.0\.1:([0-9]+)/) { ports[String(match.1)] = Int(match.2) }
            return !ports.isEmpty
        }
        return ports
    }
}
