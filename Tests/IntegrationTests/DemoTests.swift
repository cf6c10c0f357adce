// SPDX-License-Identifier: Apache-2.0
import Foundation
import Processes
import Testing

extension IntegrationSuite {
    @Suite struct DemoTests {
        @Test func `the story holds, within two minutes, and leaves no process behind`() async throws {
            let directory = "/tmp/malla-demo-it-\(UInt32.random(in: 0 ... .max))"
            defer { try? FileManager.default.removeItem(atPath: directory) }
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            let log = "\(directory)/demo.log"
            let child = try await ChildProcess.start(
                ProcessLaunch(
                    executable: BuiltPrograms.malla, arguments: ["demo", "--once", "--data-dir", directory],
                    environment: ProcessInfo.processInfo.environment, output: .appended(toFile: log), errors: .appended(toFile: log)
                ))
            let exit = await child.ended(within: .seconds(120))
            if exit == nil { _ = await child.stop(grace: .seconds(20)) }
            let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
            print(text)
            #expect(exit == .exited(0), "\(text)")
            #expect(!text.contains("FAILED"))
            #expect(text.contains("canary v2 share"))
            #expect(ProcessTable.commandLines(containing: directory).isEmpty)
        }

        /// `Scripts/demo-picture` fails when Ctrl-C leaves a process, or the terminal other than it was.
        @Test(.enabled(if: BuiltPrograms.tmux != nil, "tmux is not on PATH"))
        func `the live view fits a small terminal, plays a step, and Ctrl-C leaves nothing`() async throws {
            let log = "/tmp/malla-picture-it-\(UInt32.random(in: 0 ... .max)).log"
            defer { try? FileManager.default.removeItem(atPath: log) }
            var environment = ProcessInfo.processInfo.environment
            environment["PATH"] = "\(BuiltPrograms.directory.path):\(environment["PATH"] ?? "")"
            let child = try await ChildProcess.start(
                ProcessLaunch(
                    executable: BuiltPrograms.source.appending(path: "Scripts/demo-picture").path, arguments: ["80", "24", "24"],
                    environment: environment, output: .appended(toFile: log), errors: .appended(toFile: log)))
            let exit = await child.ended(within: .seconds(180))
            if exit == nil { _ = await child.stop(grace: .seconds(20)) }
            let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
            print(text)
            #expect(exit == .exited(0))
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            #expect(lines.count <= 25 && lines.first?.hasPrefix(" malla demo") == true && text.contains("q quit"))
            for edge in ["gateway → user-service", "order-service → payment-service", "order-service → user-service"] {
                let line = try #require(lines.first { $0.contains(edge) })
                #expect(line.contains(" yes ") && line.contains("v1 "), "\(line)")
            }
            #expect(text.contains("✓ canary: true header to v2 200 of 200"))
        }
    }
}
