// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Where the inputs of the tests are.
enum TestFiles {
    static let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent()

    /// `$MALLA_SHARED`, or `shared` beside the project. Nil where there is none: tests that need it are skipped.
    static func shared(_ path: String) -> URL? {
        let base =
            ProcessInfo.processInfo.environment["MALLA_SHARED"].map { URL(fileURLWithPath: $0) }
            ?? here.appendingPathComponent("../../../shared").standardizedFileURL
        let file = base.appendingPathComponent(path)
        return FileManager.default.fileExists(atPath: file.path) ? file : nil
    }

    /// Fixtures of the given folder beside this file, sorted by name.
    static func fixtures(_ folder: String) throws -> [(name: String, text: String)] {
        let directory = here.appendingPathComponent(folder)
        let names = try FileManager.default.contentsOfDirectory(atPath: directory.path).filter { $0.hasSuffix(".yaml") }.sorted()
        return try names.map { ($0, try String(contentsOf: directory.appendingPathComponent($0), encoding: .utf8)) }
    }
}
