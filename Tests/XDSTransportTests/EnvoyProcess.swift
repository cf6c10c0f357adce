// SPDX-License-Identifier: Apache-2.0
import Foundation
import MeshTestKit

/// A stock Envoy, if there is one on PATH, run with a bootstrap of the test's.
struct EnvoyProcess {
    static var executable: String? { ProgramRun.path(of: "envoy") }

    private let program: ProgramRun

    static func start(bootstrap: String, directory: String) async throws -> EnvoyProcess {
        let path = "\(directory)/bootstrap.json"
        try Data(bootstrap.utf8).write(to: URL(filePath: path))
        return EnvoyProcess(
            program: try await ProgramRun.start(
                "envoy", ["-c", path, "--concurrency", "1", "--use-dynamic-base-id", "--log-level", "warning"]))
    }

    var log: String { self.program.output + self.program.errors }

    func stop() async {
        self.program.signal(SIGKILL)
        await self.program.end()
    }
}
