// SPDX-License-Identifier: Apache-2.0
import Foundation
import Processes
import Testing

@Suite struct ChildProcessTests {
    private func shell(_ script: String, output: ProcessLaunch.Output = .null) -> ProcessLaunch {
        ProcessLaunch(
            executable: "sh", arguments: ["-c", script], environment: ["PATH": "/usr/bin:/bin", "WORD": "mesh"], output: output)
    }

    @Test(arguments: [("exit 0", 0), ("exit 7", 7), ("kill -TERM $$", 143), ("kill -KILL $$", 137)] as [(String, Int32)])
    func `the exit is told as a shell tells it`(script: String, code: Int32) async throws {
        let child = try await ChildProcess.start(shell(script))
        #expect(await child.ended()?.code == code)
        #expect(child.exit?.code == code)
    }

    @Test func `a program that is not there is an error, not an exit`() async {
        await #expect(throws: ProcessLaunchError(executable: "/nowhere/x", errorNumber: ENOENT)) {
            try await ChildProcess.start(ProcessLaunch(executable: "/nowhere/x", arguments: [], environment: [:]))
        }
    }

    @Test func `environment and output are the child's own`() async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "malla-child-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        let child = try await ChildProcess.start(
            shell("echo $WORD; ls /proc/self/fd | wc -l", output: .appended(toFile: file.path)))
        #expect(await child.ended() == .exited(0))
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        // 0, 1, 2 and the one that `ls` reads the directory by.
        #expect(lines == ["mesh", "4"])
    }

    @Test func `a signal reaches the group, and its default is restored`() async throws {
        let child = try await ChildProcess.start(shell("sleep 60; exit 0"))
        #expect(await child.ended(within: .milliseconds(1)) == nil)
        #expect(await child.stop(grace: .seconds(10)) == .signalled(SIGTERM))
    }

    @Test func `a child that will not end is killed`() async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "malla-child-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        let child = try await ChildProcess.start(
            shell("trap '' TERM; echo ready; while :; do read _ </dev/null; done", output: .appended(toFile: file.path)))
        while (try? String(contentsOf: file, encoding: .utf8)) != "ready\n" { await Task.yield() }
        #expect(await child.stop(grace: .milliseconds(50)) == .signalled(SIGKILL))
    }

    @Test func `many children at once are all reaped`() async throws {
        let codes = try await withThrowingTaskGroup(of: Int32.self) { group in
            for code in 0..<20 {
                group.addTask { try await ChildProcess.start(shell("exit \(code)")).ended()?.code ?? -1 }
            }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(codes == Set(0..<20))
    }
}
