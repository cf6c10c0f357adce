// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Where the project's other programs are: beside this one, unless the environment says otherwise.
package enum Programs {
    package static var own: String { Bundle.main.executablePath ?? CommandLine.arguments[0] }

    package static func proxy(_ environment: [String: String]) throws -> String {
        try find("malla-proxy", override: environment["MALLA_PROXY"], variable: "MALLA_PROXY")
    }

    package static func demo(_ environment: [String: String]) throws -> String {
        try find("malla-demo", override: environment["MALLA_DEMO"], variable: "MALLA_DEMO")
    }

    private static func find(_ name: String, override: String?, variable: String) throws -> String {
        if let override { return override }
        let path = URL(filePath: own).resolvingSymlinksInPath().deletingLastPathComponent().appending(path: name).path
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw RunFailure("\(name) is not beside malla (\(path)); set \(variable) to its path")
        }
        return path
    }
}
