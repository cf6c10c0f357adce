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

    @Test func `its input is a file`() async throws {
        let stem = FileManager.default.temporaryDirectory.appending(path: "malla-child-\(UUID().uuidString)").path
        defer { for end in [".in", ".out"] { try? FileManager.default.removeItem(atPath: stem + end) } }
        try Data("one\ntwo\n".utf8).write(to: URL(filePath: stem + ".in"))
        var launch = shell("sort -r", output: .appended(toFile: stem + ".out"))
        launch.input = .file(stem + ".in")
        #expect(try await ChildProcess.start(launch).ended() == .exited(0))
        #expect(try String(contentsOfFile: stem + ".out", encoding: .utf8) == "two\none\n")
        launch.input = .file(stem + ".nowhere")
        await #expect(throws: ProcessLaunchError(executable: "sh", errorNumber: ENOENT)) { try await ChildProcess.start(launch) }
    }

    /// Foundation's Process does not survive this.
    @Test(.enabled(if: sysconf(Int32(_SC_OPEN_MAX)) >= 4000, "fewer than 4,000 descriptors are allowed (ulimit -n)"))
    func `a process with two thousand open descriptors starts children, which get none of them`() async throws {
        let many = (0..<2000).map { _ in open("/dev/null", O_RDONLY | O_CLOEXEC) }
        defer { for descriptor in many where descriptor >= 0 { close(descriptor) } }
        #expect(many.allSatisfy { $0 >= 0 })
        let child = try await ChildProcess.start(shell("test $(ls /proc/self/fd | wc -l) = 4"))
        #expect(await child.ended() == .exited(0))
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
