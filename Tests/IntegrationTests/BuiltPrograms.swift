// SPDX-License-Identifier: Apache-2.0
import Foundation
import MeshTestKit

/// The programs of the build that these tests belong to.
enum BuiltPrograms {
    static let directory = URL(filePath: Bundle.main.executablePath ?? "/").resolvingSymlinksInPath().deletingLastPathComponent()

    static var malla: String { directory.appending(path: "malla").path }
    static var proxy: String { directory.appending(path: "malla-proxy").path }
    static var demo: String { directory.appending(path: "malla-demo").path }

    /// The tree that these tests were built from.
    static var source: URL {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    }

    /// The stock Envoy on PATH; `nil` skips the tests that need it.
    static let envoy = onPath("envoy")
    static let tmux = onPath("tmux")

    /// Where a program is; `nil` where it is not installed. A path is taken as it is.
    static func onPath(_ name: String) -> String? {
        name.contains("/") ? name : ProgramRun.path(of: name)
    }
}
