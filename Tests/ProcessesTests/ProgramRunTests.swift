// SPDX-License-Identifier: Apache-2.0
import Foundation
import MeshTestKit
import Processes
import Testing

/// What other tests rely on.
@Suite struct ProgramRunTests {
    @Test func `input, environment, streams and exit code`() async throws {
        let script = "cat; echo ${WORD-none} ${HOME-none}; echo wrong >&2; exit 3"
        let run = try await ProgramRun.run("sh", ["-c", script], input: "in\n", environment: ["WORD": "mesh", "HOME": nil])
        #expect(run.code == 3)
        #expect(run.output == "in\nmesh none\n")
        #expect(run.errors == "wrong\n")
    }

    @Test func `one that takes too long is killed`() async throws {
        let run = try await ProgramRun.start("sh", ["-c", "echo begun; sleep 60"])
        try await waitUntil("the output", within: .seconds(20)) { run.output == "begun\n" }
        #expect(run.exitCode == nil)
        #expect(await run.end(within: .milliseconds(1)).code == 128 + SIGKILL)
        #expect(run.exitCode == 128 + SIGKILL)
    }

    @Test func `one that nobody holds is killed`() async throws {
        var run: ProgramRun? = try await ProgramRun.start("sleep", ["60"])
        let pid = try #require(run?.pid)
        run = nil
        try await waitUntil("its end", within: .seconds(20)) { kill(pid, 0) != 0 }
    }

    @Test func `one that is not installed is an error`() async {
        #expect(ProgramRun.path(of: "malla-is-not-called-this") == nil)
        await #expect(throws: ProcessLaunchError(executable: "malla-is-not-called-this", errorNumber: ENOENT)) {
            try await ProgramRun.start("malla-is-not-called-this", [])
        }
    }
}
