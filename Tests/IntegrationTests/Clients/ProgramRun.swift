// SPDX-License-Identifier: Apache-2.0
import Foundation
import Processes

/// Another program, run to its end.
struct ProgramRun: Sendable {
    var exit: ProcessExit?
    /// Both outputs.
    var output: String

    /// In `directory`, which keeps the output.
    static func run(
        _ program: String, _ arguments: [String], in directory: String, within limit: Duration = .seconds(90)
    ) async throws -> ProgramRun {
        let log = "\(directory)/run-\(UInt32.random(in: 0 ... .max))"
        let child = try await ChildProcess.start(
            ProcessLaunch(
                executable: program, arguments: arguments, environment: ProcessInfo.processInfo.environment,
                output: .appended(toFile: log), errors: .appended(toFile: log), parentDeathSignal: SIGKILL))
        let exit = await child.ended(within: limit)
        if exit == nil { _ = await child.stop(SIGKILL, grace: .zero) }
        return ProgramRun(exit: exit, output: (try? String(contentsOfFile: log, encoding: .utf8)) ?? "")
    }
}
