// SPDX-License-Identifier: Apache-2.0
import Foundation

/// The processes of this machine, by `/proc`.
enum ProcessTable {
    /// Command lines of living processes that contain `text`.
    static func commandLines(containing text: String) -> [String] {
        let pids = (try? FileManager.default.contentsOfDirectory(atPath: "/proc"))?.compactMap { Int32($0) } ?? []
        return pids.compactMap { pid in
            guard pid != getpid(), let data = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") else { return nil }
            let line = data.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
            return line.contains(text) ? "\(pid) \(line)" : nil
        }
    }

    static func pids(commandContains text: String) -> [Int32] {
        commandLines(containing: text).compactMap { $0.split(separator: " ").first.flatMap { Int32($0) } }
    }
}
