// SPDX-License-Identifier: Apache-2.0
import Foundation

/// The programs of the build that these tests belong to.
enum BuiltPrograms {
    static let directory = URL(filePath: Bundle.main.executablePath ?? "/").resolvingSymlinksInPath().deletingLastPathComponent()

    static var malla: String { directory.appending(path: "malla").path }
    static var demo: String { directory.appending(path: "malla-demo").path }

    /// The stock Envoy on PATH; `nil` skips the tests that need it.
    static let envoy: String? = {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        return path.split(separator: ":").map { "\($0)/envoy" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }()
}
