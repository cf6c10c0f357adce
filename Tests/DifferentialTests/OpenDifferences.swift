// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Differences that are still to be mended, one name a line in a file beside this one. A case that is listed may differ; who
/// mends one takes its line out.
enum OpenDifferences {
    static let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "OpenDifferences.txt")

    static let names: Set<String> = {
        let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        return Set(text.split(separator: "\n").map(String.init).filter { !$0.hasPrefix("#") })
    }()

    /// Writes down what differs now, where MALLA_RECORD_DIFFERENCES is set.
    static func record(_ differing: [String]) throws {
        guard ProcessInfo.processInfo.environment["MALLA_RECORD_DIFFERENCES"] != nil else { return }
        let open = differing.filter { KnownDifferences.reasons[$0] == nil }.sorted()
        let head = "# Differences from Envoy that are still to be mended; written by MALLA_RECORD_DIFFERENCES=1 swift test.\n"
        try (head + open.map { $0 + "\n" }.joined()).write(to: Self.file, atomically: true, encoding: .utf8)
    }
}
