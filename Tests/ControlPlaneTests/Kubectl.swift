// SPDX-License-Identifier: Apache-2.0
import Foundation

/// The real kubectl, with the kubeconfig of a `malla up`.
struct Kubectl: Sendable {
    struct Outcome: Sendable, CustomStringConvertible {
        var code: Int32
        var output: String
        var errors: String
        var description: String { "exit \(code)\n\(output)\n\(errors)" }
    }

    /// Nil where it is not installed.
    static let binary: String? = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        .map { "\($0)/kubectl" }.first { FileManager.default.isExecutableFile(atPath: $0) }

    var kubeconfig: String
    /// For files that tests hand to it, and for its caches.
    var directory: String

    /// - Parameter input: A manifest, for `-f -`.
    func callAsFunction(_ arguments: String..., input: String? = nil, editor: String? = nil) async throws -> Outcome {
        let launched = try launch(arguments, input: input, editor: editor)
        return try await launched.end()
    }

    /// One that goes on until it is stopped, such as a watch.
    func launch(_ arguments: [String], input: String? = nil, editor: String? = nil) throws -> Running {
        let process = Process()
        process.executableURL = URL(filePath: Self.binary ?? "")
        process.arguments = ["--kubeconfig", kubeconfig, "--cache-dir", directory + "/cache"] + arguments
        var environment = ProcessInfo.processInfo.environment
        environment["EDITOR"] = editor
        environment["KUBECONFIG"] = nil
        process.environment = environment
        let stem = "\(directory)/kubectl-\(UUID().uuidString)"
        for end in ["in", "out", "err"] {
            try Data((end == "in" ? input ?? "" : "").utf8).write(to: URL(filePath: "\(stem).\(end)"))
        }
        process.standardInput = try FileHandle(forReadingFrom: URL(filePath: stem + ".in"))
        process.standardOutput = try FileHandle(forWritingTo: URL(filePath: stem + ".out"))
        process.standardError = try FileHandle(forWritingTo: URL(filePath: stem + ".err"))
        try process.run()
        return Running(process: process, stem: stem)
    }

    struct Running: Sendable {
        let process: Process
        let stem: String

        var output: String { (try? String(contentsOfFile: stem + ".out", encoding: .utf8)) ?? "" }

        func end() async throws -> Outcome {
            while process.isRunning { try await Task.sleep(for: .milliseconds(10)) }
            let errors = (try? String(contentsOfFile: stem + ".err", encoding: .utf8)) ?? ""
            return Outcome(code: process.terminationStatus, output: output, errors: errors)
        }
    }
}
