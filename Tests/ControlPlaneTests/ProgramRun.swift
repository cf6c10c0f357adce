// SPDX-License-Identifier: Apache-2.0
import Foundation

/// A program as a person at a shell sees it: arguments and input in, two streams and an exit code out.
struct ProgramRun: Sendable {
    struct Outcome: Sendable, CustomStringConvertible {
        var code: Int32
        var output: String
        var errors: String
        var description: String { "exit \(code)\n\(output)\n\(errors)" }
    }

    let process: Process
    private let stem: String

    /// - Parameter directory: Where its streams are kept; the test's to remove.
    init(
        _ executable: String, _ arguments: [String], input: String? = nil, environment: [String: String?] = [:], directory: String
    ) throws {
        process = Process()
        stem = "\(directory)/run-\(UUID().uuidString)"
        process.executableURL = URL(filePath: executable)
        process.arguments = arguments
        var merged = ProcessInfo.processInfo.environment
        for (name, value) in environment { merged[name] = value }
        process.environment = merged
        for end in ["in", "out", "err"] {
            try Data((end == "in" ? input ?? "" : "").utf8).write(to: URL(filePath: "\(stem).\(end)"))
        }
        process.standardInput = try FileHandle(forReadingFrom: URL(filePath: stem + ".in"))
        process.standardOutput = try FileHandle(forWritingTo: URL(filePath: stem + ".out"))
        process.standardError = try FileHandle(forWritingTo: URL(filePath: stem + ".err"))
        try process.run()
    }

    var output: String { (try? String(contentsOfFile: stem + ".out", encoding: .utf8)) ?? "" }

    func end() async throws -> Outcome {
        while process.isRunning { try await Task.sleep(for: .milliseconds(10)) }
        let errors = (try? String(contentsOfFile: stem + ".err", encoding: .utf8)) ?? ""
        return Outcome(code: process.terminationStatus, output: output, errors: errors)
    }
}
