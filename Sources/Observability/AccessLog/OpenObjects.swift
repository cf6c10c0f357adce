// SPDX-License-Identifier: Apache-2.0

/// Where the JSON objects of a line begin that are not ended yet, so that what has no value can be taken back.
struct OpenObjects {
    /// Of each its start, and the start of the member in hand.
    private var open: [(start: Int, member: Int)] = []

    mutating func enter(_ line: inout LogLine) {
        self.open.append((line.count, line.count + 1))
        line.append(byte: UInt8(ascii: "{"))
    }

    mutating func member(_ line: inout LogLine) {
        guard let last = self.open.indices.last else { return }
        self.open[last].member = line.count
        if line.count > self.open[last].start + 1 { line.append(byte: UInt8(ascii: ",")) }
    }

    mutating func takeBackMember(_ line: inout LogLine) {
        if let last = self.open.last { line.cut(to: last.member) }
    }

    /// An object in which nothing is left goes too, unless it is the whole line.
    mutating func leave(_ line: inout LogLine) {
        guard let ended = self.open.popLast() else { return }
        if line.count == ended.start + 1, !self.open.isEmpty { return self.takeBackMember(&line) }
        line.append(byte: UInt8(ascii: "}"))
    }
}
