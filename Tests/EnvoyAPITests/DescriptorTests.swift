// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// Our subset of the xDS API says nothing that Envoy's API does not say.
@Suite struct DescriptorTests {
    private struct Answer: Decodable {
        var skipped: String?
        var fields: Int?
        var differences: [String]?
    }

    @Test func `every field of the subset has the number and type that Envoy gives it`() throws {
        let here = URL(filePath: #filePath).deletingLastPathComponent()
        let protos = here.deletingLastPathComponent().deletingLastPathComponent().appending(path: "Protos")
            .resolvingSymlinksInPath()
        guard FileManager.default.fileExists(atPath: protos.path()) else {
            print("skipped: \(protos.path()) is not there (tests built outside the repository)")
            return
        }
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", here.appending(path: "compare_descriptors.py").path(), protos.path()]
        process.standardOutput = output
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            print("skipped: python3 cannot run the comparison (exit \(process.terminationStatus))")
            return
        }
        let answer = try JSONDecoder().decode(Answer.self, from: data)
        if let reason = answer.skipped {
            print("skipped: \(reason)")
            return
        }
        #expect(answer.differences == [])
        #expect((answer.fields ?? 0) > 400)
    }
}
