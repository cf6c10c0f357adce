// SPDX-License-Identifier: Apache-2.0
import Foundation
import Processes

/// A program as a person at a shell sees it: arguments and input in, two streams and an exit code out. The streams are files, so that
/// no pipe fills while nobody reads it.
///
/// No program outlives its test: it is killed, and its files go, when nobody holds this any more, and by the kernel when the tests'
/// own process dies.
package final class ProgramRun: Sendable {
    package struct Outcome: Sendable, CustomStringConvertible {
        /// As a shell tells it: 128 and the signal's number where one ended it.
        package var code: Int32
        package var output: String
        package var errors: String

        package var description: String { "exit \(self.code)\n\(self.output)\n\(self.errors)" }
    }

    private let child: ChildProcess
    private let files: URL

    private init(child: ChildProcess, files: URL) {
        self.child = child
        self.files = files
    }

    deinit {
        self.child.signal(SIGKILL)
        try? FileManager.default.removeItem(at: self.files)
    }

    /// Where a program is on PATH; nil where it is not installed.
    package static func path(of program: String) -> String? {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/\(program)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// - Parameters:
    ///   - program: Searched on PATH when it holds no slash.
    ///   - environment: What differs from the tests' own; nil takes a variable away.
    package static func start(
        _ program: String, _ arguments: [String], input: String = "", environment: [String: String?] = [:]
    ) async throws -> ProgramRun {
        let files = FileManager.default.temporaryDirectory.appending(path: "malla-run-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: files, withIntermediateDirectories: true)
        do {
            try Data(input.utf8).write(to: files.appending(path: "in"))
            var merged = ProcessInfo.processInfo.environment
            for (name, value) in environment { merged[name] = value }
            let child = try await ChildProcess.start(
                ProcessLaunch(
                    executable: program, arguments: arguments, environment: merged, input: .file(files.appending(path: "in").path),
                    output: .appended(toFile: files.appending(path: "out").path),
                    errors: .appended(toFile: files.appending(path: "err").path), parentDeathSignal: SIGKILL))
            return ProgramRun(child: child, files: files)
        } catch {
            try? FileManager.default.removeItem(at: files)
            throw error
        }
    }

    /// From start to end.
    package static func run(
        _ program: String, _ arguments: [String], input: String = "", environment: [String: String?] = [:],
        within limit: Duration = .seconds(90)
    ) async throws -> Outcome {
        try await Self.start(program, arguments, input: input, environment: environment).end(within: limit)
    }

    package var pid: Int32 { self.child.pid }

    /// Nil while it runs.
    package var exitCode: Int32? { self.child.exit?.code }

    /// What it has written so far.
    package var output: String { self.text("out") }
    package var errors: String { self.text("err") }

    private func text(_ name: String) -> String {
        (try? Data(contentsOf: self.files.appending(path: name))).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// To the program and what it has started; nothing once it has ended.
    package func signal(_ number: Int32) { self.child.signal(number) }

    /// Waits for its end; it is killed when the time is over and when the test is cancelled.
    @discardableResult
    package func end(within limit: Duration = .seconds(90)) async -> Outcome {
        var exit = await self.child.ended(within: limit)
        if exit == nil { exit = await self.child.stop(SIGKILL, grace: .zero) }
        return Outcome(code: exit?.code ?? -1, output: self.output, errors: self.errors)
    }
}
