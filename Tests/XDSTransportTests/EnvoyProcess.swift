// SPDX-License-Identifier: Apache-2.0
import Foundation

/// A stock Envoy, if there is one on PATH, run with a bootstrap of the test's.
struct EnvoyProcess {
    private let process: Process
    private let logPath: String

    static var executable: String? {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        return path.split(separator: ":").map { "\($0)/envoy" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    init(bootstrap: String, directory: String) throws {
        let path = "\(directory)/bootstrap.json"
        self.logPath = "\(directory)/envoy.log"
        try Data(bootstrap.utf8).write(to: URL(fileURLWithPath: path))
        try Data().write(to: URL(fileURLWithPath: self.logPath))
        let log = try FileHandle(forWritingTo: URL(fileURLWithPath: self.logPath))
        self.process = Process()
        self.process.executableURL = URL(fileURLWithPath: Self.executable ?? "/nonexistent")
        self.process.arguments = [
            "-c", path, "--concurrency", "1", "--use-dynamic-base-id", "--log-level", "warning",
        ]
        self.process.standardError = log
        self.process.standardOutput = log
        try self.process.run()
    }

    var log: String { (try? String(contentsOfFile: self.logPath, encoding: .utf8)) ?? "" }

    /// SIGKILL, because a child of a dispatch thread inherits a mask that blocks SIGTERM.
    func stop() {
        kill(self.process.processIdentifier, SIGKILL)
        self.process.waitUntilExit()
    }
}
