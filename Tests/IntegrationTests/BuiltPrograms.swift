// SPDX-License-Identifier: Apache-2.0
import Foundation

/// The programs of the build that these tests belong to.
enum BuiltPrograms {
    static let directory = URL(filePath: Bundle.main.executablePath ?? "/").resolvingSymlinksInPath().deletingLastPathComponent()

    static var malla: String { directory.appending(path: "malla").path }
    static var demo: String { directory.appending(path: "malla-demo").path }

    /// The tree that these tests were built from.
    static var source: URL {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    }

    /// The stock Envoy on PATH; `nil` skips the tests that need it.
    static let envoy = onPath("envoy")
    static let tmux = onPath("tmux")

    private static func onPath(_ name: String) -> String? {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        return path.split(separator: ":").map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}
