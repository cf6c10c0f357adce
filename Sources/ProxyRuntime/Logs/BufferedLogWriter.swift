// SPDX-License-Identifier: Apache-2.0
import Dispatch
import Foundation
import Observability
import Synchronization

/// Writes access logs: callers only hand pieces on, which are kept as they are; one background queue writes them. Nothing is lost at
/// an orderly end; if the disk falls behind by `limit` bytes a file's further lines are given up and counted, rather than memory
/// growing.
package final class BufferedLogWriter: AccessLogOutput, Sendable {
    private struct File {
        let path: String
        var pieces: [[UInt8]]
        var bytes: Int
    }

    private struct State {
        /// What waits, in the order of the first line for each file.
        var waiting: [File] = []
        var isScheduled = false
        var dropped: UInt64 = 0
    }

    private let limit: Int
    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "malla.access-log")
    private let files = LogFiles()

    /// - Parameter limit: Bytes that may wait for one file.
    package init(limit: Int = 64 * 1024 * 1024) { self.limit = limit }

    package var dropped: UInt64 { self.state.withLock { $0.dropped } }

    package func write(_ lines: [UInt8], to path: String) {
        let mustSchedule = self.state.withLock { state in
            let place = state.waiting.firstIndex { $0.path == path }
            guard (place.map { state.waiting[$0].bytes } ?? 0) + lines.count <= self.limit else {
                state.dropped &+= UInt64(lines.count { $0 == UInt8(ascii: "\n") })
                return false
            }
            if let place {
                state.waiting[place].pieces.append(lines)
                state.waiting[place].bytes += lines.count
            } else {
                state.waiting.append(File(path: path, pieces: [lines], bytes: lines.count))
            }
            defer { state.isScheduled = true }
            return !state.isScheduled
        }
        if mustSchedule { self.queue.async { self.writeWaiting() } }
    }

    /// Opens the files anew at the next line: log rotation has moved them.
    package func reopen() { self.queue.async { self.files.closeAll() } }

    /// Returns when everything that was written before is with the system.
    package func flush() { self.queue.sync { self.writeWaiting() } }

    private func writeWaiting() {
        while true {
            let batch = self.state.withLock { state in
                if state.waiting.isEmpty { state.isScheduled = false }
                defer { state.waiting = [] }
                return state.waiting
            }
            guard !batch.isEmpty else { return }
            for file in batch {
                for piece in file.pieces where !self.files.write(piece, to: file.path) {
                    self.state.withLock { $0.dropped &+= UInt64(piece.count { $0 == UInt8(ascii: "\n") }) }
                }
            }
        }
    }
}
