// SPDX-License-Identifier: Apache-2.0
import Foundation
import MeshTestKit
import Testing

/// Our subset of the xDS API says nothing that Envoy's API does not say.
@Suite struct DescriptorTests {
    private struct Answer: Decodable {
        var skipped: String?
        var fields: Int?
        var differences: [String]?
    }

    @Test func `every field of the subset has the number and type that Envoy gives it`() async throws {
        let here = URL(filePath: #filePath).deletingLastPathComponent()
        let protos = here.deletingLastPathComponent().deletingLastPathComponent().appending(path: "Protos")
            .resolvingSymlinksInPath()
        guard FileManager.default.fileExists(atPath: protos.path()) else {
            print("skipped: \(protos.path()) is not there (tests built outside the repository)")
            return
        }
        guard ProgramRun.path(of: "python3") != nil else {
            print("skipped: python3 is not installed")
            return
        }
        let run = try await ProgramRun.run("python3", [here.appending(path: "compare_descriptors.py").path(), protos.path()])
        guard run.code == 0 else {
            print("skipped: python3 cannot run the comparison: \(run)")
            return
        }
        let answer = try JSONDecoder().decode(Answer.self, from: Data(run.output.utf8))
        if let reason = answer.skipped {
            print("skipped: \(reason)")
            return
        }
        #expect(answer.differences == [])
        #expect((answer.fields ?? 0) > 400)
    }
}
