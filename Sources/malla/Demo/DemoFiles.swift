// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Where the demo's configuration is: `Examples/brief`, found upwards from the program and from the working directory.
enum DemoFiles {
    static func configuration(given: String?) throws -> String {
        if let given { return given }
        let program = URL(filePath: Programs.own).resolvingSymlinksInPath().deletingLastPathComponent()
        let here = URL(filePath: FileManager.default.currentDirectoryPath)
        for start in [program, here] {
            var directory = start
            while directory.path != "/" {
                for place in ["Examples/brief", "share/malla/examples/brief"] {
                    let candidate = directory.appending(path: place).path
                    if FileManager.default.fileExists(atPath: candidate) { return candidate }
                }
                directory.deleteLastPathComponent()
            }
        }
        throw RunFailure("Examples/brief is not found from \(program.path) upwards; give it by --configuration")
    }
}
