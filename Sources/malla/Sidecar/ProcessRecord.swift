// SPDX-License-Identifier: Apache-2.0
import Foundation

/// A process by pid and start time, so that a pid given to someone else is not taken for it.
package struct ProcessRecord: Sendable, Hashable, Codable {
    package var pid: Int32
    /// In clock ticks since boot (`/proc/PID/stat`, field 22).
    package var startTime: UInt64

    package init(pid: Int32, startTime: UInt64) {
        self.pid = pid
        self.startTime = startTime
    }

    /// The process that has this pid now; `nil` when none has, or it is a zombie.
    package init?(livingPID pid: Int32) {
        guard let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
            let parsed = Self.parse(stat: text), parsed.state != "Z"
        else { return nil }
        self.init(pid: pid, startTime: parsed.startTime)
    }

    package var isAlive: Bool { ProcessRecord(livingPID: pid) == self }

    /// The name may hold spaces and parentheses: fields are counted from its last `)`.
    package static func parse(stat: String) -> (state: Character, startTime: UInt64)? {
        guard let end = stat.lastIndex(of: ")") else { return nil }
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        guard fields.count > 19, let state = fields[0].first, let startTime = UInt64(fields[19]) else { return nil }
        return (state, startTime)
    }
}
