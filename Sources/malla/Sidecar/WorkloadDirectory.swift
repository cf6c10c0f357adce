// SPDX-License-Identifier: Apache-2.0
package import Foundation
import Synchronization

/// `D/run/<namespace>.<name>/`, 0700: the files of one workload, held by one `malla run` at a time.
package final class WorkloadDirectory: Sendable {
    package let path: String
    private let lock: Int32
    private let records = Mutex<[String: ProcessRecord]>([:])

    /// Makes the directory and takes its lock; an error when a living `malla run` holds it.
    package init(dataDirectory: String, namespace: String, name: String) throws {
        path = "\(dataDirectory)/run/\(namespace).\(name)"
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        lock = open("\(path)/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0 else { throw RunFailure("\(path)/lock: \(String(cString: strerror(errno)))") }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            let holder = (try? String(contentsOfFile: "\(path)/lock", encoding: .utf8)) ?? ""
            close(lock)
            throw RunFailure("workload \(namespace)/\(name) is run by another `malla run` (pid \(holder.isEmpty ? "?" : holder))")
        }
        let pid = Array(String(ProcessInfo.processInfo.processIdentifier).utf8)
        ftruncate(lock, 0)
        pwrite(lock, pid, pid.count, 0)
    }

    deinit { close(lock) }

    package func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Written beside and moved into place, 0600.
    package func write(_ data: Data, to name: String) throws {
        let temporary = file(".\(name).new")
        try? FileManager.default.removeItem(atPath: temporary)
        guard FileManager.default.createFile(atPath: temporary, contents: data, attributes: [.posixPermissions: 0o600]),
            rename(temporary, file(name)) == 0
        else { throw RunFailure("\(file(name)) could not be written") }
    }

    package func remove(_ name: String) { try? FileManager.default.removeItem(atPath: file(name)) }

    /// The last lines of a log, for an error message.
    package func tail(of name: String, lines: Int = 12) -> String {
        guard let data = FileManager.default.contents(atPath: file(name)) else { return "" }
        let text = String(decoding: data.suffix(16_384), as: UTF8.self)
        return text.split(whereSeparator: \.isNewline).suffix(lines).joined(separator: "\n")
    }

    /// Remembers a child on disk, so that the next run can end it should this one be killed.
    package func remember(_ role: String, pid: Int32) {
        let records = records.withLock { records in
            records[role] = ProcessRecord(livingPID: pid)
            return records
        }
        try? write((try? JSONEncoder().encode(records)) ?? Data("{}".utf8), to: "processes.json")
    }

    /// Ends what a killed run left behind: its groups are asked, and killed after `grace`.
    package func endLeftovers(grace: Duration) async throws {
        guard let data = FileManager.default.contents(atPath: file("processes.json")),
            let records = try? JSONDecoder().decode([String: ProcessRecord].self, from: data)
        else { return }
        let deadline = ContinuousClock.now + grace
        for record in records.values where record.isAlive { kill(-record.pid, SIGTERM) }
        while records.values.contains(where: \.isAlive) {
            if ContinuousClock.now >= deadline {
                for record in records.values where record.isAlive { kill(-record.pid, SIGKILL) }
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        remove("processes.json")
    }
}
