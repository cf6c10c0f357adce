// SPDX-License-Identifier: Apache-2.0
import Foundation
import MeshTestKit
import Processes
import Testing

/// The program's options: acted on, or refused with a message that says why.
@Suite(
    .timeLimit(.minutes(2)),
    .enabled(if: FileManager.default.isExecutableFile(atPath: DifferentialTests.proxy), "needs malla-proxy beside the tests"))
struct CommandLineTests {
    private static func run(_ arguments: [String]) async throws -> (code: Int32?, text: String) {
        let output = FileManager.default.temporaryDirectory.appendingPathComponent("malla-cli-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: output) }
        let executable = DifferentialTests.proxy
        let child = try await ChildProcess.start(
            ProcessLaunch(
                executable: executable, arguments: arguments, environment: ProcessInfo.processInfo.environment,
                output: .appended(toFile: output), errors: .appended(toFile: output), parentDeathSignal: SIGKILL))
        let exit = await child.ended()
        let code: Int32? = if case .exited(let code) = exit { code } else { nil }
        return (code, (try? String(contentsOfFile: output, encoding: .utf8)) ?? "")
    }

    static let fine = ["--mode", "validate", "--config-yaml", "node: {id: x}"]

    @Test(arguments: [
        (["--version"], Int32(0), "malla-proxy 0."),
        (["--help"], 0, "--config-yaml"),
        ([], 64, "-c <config-path>"),
        (fine, 0, "OK"),
        (fine + ["--concurrency", "0"], 64, "--concurrency must be 1 to 256"),
        (fine + ["--concurrency", "257"], 64, "--concurrency must be 1 to 256"),
        (fine + ["--concurrency", "many"], 64, "concurrency"),
        (fine + ["--concurrency", "256"], 0, "OK"),
        (fine + ["-l", "warn"], 0, "OK"),
        (fine + ["--log-level", "off"], 0, "OK"),
        (fine + ["--log-level", "loud"], 64, "`loud` is not a level: trace, debug, info, warning, error, critical, off"),
        (fine + ["--component-log-level", "xds:debug"], 0, "OK"),
        (fine + ["--component-log-level", "xds:loud"], 64, "unknown logger level 'loud'"),
        (fine + ["--log-format", "%v"], 64, "--log-format is not supported"),
        (fine + ["--log-path", "/nowhere/at/all"], 73, "/nowhere/at/all: cannot be written"),
        (fine + ["--drain-time-s", "45", "--drain-strategy", "immediate", "--parent-shutdown-time-s", "60"], 0, "OK"),
        (fine + ["--drain-strategy", "gradual"], 64, "gradual"),
        (fine + ["--drain-time-s", "-1"], 64, "drain-time-s"),
        (fine + ["--service-cluster", "a", "--service-node", "b", "--base-id", "3", "--disable-hot-restart"], 0, "OK"),
        (fine + ["--restart-epoch", "1"], 64, "no hot restart"),
        (fine + ["--allow-unknown-static-fields"], 64, "never left out"),
        (["--mode", "validate", "--config-yaml", "node:\n  idd: x"], 1, "--config-yaml:2: node.idd: unknown field 'idd'"),
        (["--mode", "validate", "-c", "/nowhere.yaml"], 66, "/nowhere.yaml: cannot be read"),
        (["--mode", "init_only", "--config-yaml", "{}"], 64, "mode"),
        (fine + ["--no-such-option"], 64, "--no-such-option"),
    ])
    func `options`(_ arguments: [String], _ code: Int32, _ text: String) async throws {
        let end = try await Self.run(arguments)
        #expect(end.code == code && end.text.contains(text), "\(end)")
    }
}
