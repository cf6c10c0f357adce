// SPDX-License-Identifier: Apache-2.0

/// The lines of one access log that wait to be written, one behind the other in one piece of memory.
package struct LogLines: Sendable {
    /// Written up to `count`; the rest is room.
    private var room: [UInt8] = []
    package private(set) var count = 0
    /// What is taken at the first line.
    private var nextSize = Self.smallest
    private var dates = LogDates()

    /// As much is handed on at once: the thread that writes the file costs two changes of thread each time.
    private static let size = 64 * 1024
    /// A log with a line now and then needs no more.
    private static let smallest = 4 * 1024

    package init() {}

    package var bytes: [UInt8] { Array(self.room.prefix(self.count)) }

    /// Adds what `body` writes.
    ///
    /// - Parameter body: Is called again where it did not fit, so it must write the same each time.
    /// - Returns: What has to be handed on first, because there was no room left.
    package mutating func write(_ body: (inout LogLine) -> Void) -> [UInt8]? {
        if self.room.isEmpty { self.room = [UInt8](repeating: 0, count: self.nextSize) }
        let wanted = self.attempt(body)
        guard wanted > 0 else { return nil }
        if self.room.count < Self.size {
            // Grows until it is as large as it may become.
            self.grow(to: max(wanted + self.count, min(self.room.count * 4, Self.size)))
            if self.attempt(body) == 0 { return nil }
        }
        let full = self.count > 0 ? self.take() : nil
        self.room = [UInt8](repeating: 0, count: max(wanted, Self.size))
        _ = self.attempt(body)
        return full
    }

    /// Gives away what is written, without a copy.
    package mutating func take() -> [UInt8] {
        self.nextSize = self.count > Self.size / 4 ? Self.size : Self.smallest
        self.room.removeLast(self.room.count - self.count)
        self.count = 0
        var taken: [UInt8] = []
        swap(&taken, &self.room)
        return taken
    }

    /// 0, or the length of the line that did not fit.
    private mutating func attempt(_ body: (inout LogLine) -> Void) -> Int {
        let count = self.count
        let dates = self.dates
        let (added, wanted, after) = self.room.withUnsafeMutableBytes { room in
            var line = LogLine(memory: UnsafeMutableRawBufferPointer(rebasing: room[count...]), dates: dates)
            body(&line)
            return (line.count, line.wanted, line.dates)
        }
        self.dates = after
        guard wanted == 0 else { return wanted }
        self.count += added
        return 0
    }

    private mutating func grow(to size: Int) {
        let more = size - self.room.count
        guard more > 0 else { return }
        self.room.append(contentsOf: repeatElement(0, count: more))
    }
}
