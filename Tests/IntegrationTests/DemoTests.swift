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
    }
}
