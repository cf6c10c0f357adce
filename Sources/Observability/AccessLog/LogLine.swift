// SPDX-License-Identifier: Apache-2.0

/// Bytes of access log lines while they are written. No `String` is made of what is only copied.
package struct LogLine: Sendable {
    /// Written up to `count`; the rest is room.
    private var room: [UInt8] = []
    package private(set) var count = 0
    /// Lines of one second have the same date.
    private var lastDate = (second: Int64.min, date: CivilDate(secondsSince1970: 0))

    package init() {}

    mutating func date(at second: Int64) -> CivilDate {
        if self.lastDate.second != second { self.lastDate = (second, CivilDate(secondsSince1970: second)) }
        return self.lastDate.date
    }

    package var bytes: [UInt8] { Array(self.room.prefix(self.count)) }

    /// Gives away what is written, without a copy.
    package mutating func take() -> [UInt8] {
        self.room.removeLast(self.room.count - self.count)
        self.count = 0
        var taken: [UInt8] = []
        swap(&taken, &self.room)
        return taken
    }

    package mutating func reserve(_ more: Int) {
        let wanted = self.count + more
        guard wanted > self.room.count else { return }
        self.room.append(contentsOf: repeatElement(0, count: max(wanted, self.room.count * 2) - self.room.count))
    }

    package mutating func append(_ text: UnsafeRawBufferPointer) {
        self.reserve(text.count)
        self.room.withUnsafeMutableBytes { room in
            UnsafeMutableRawBufferPointer(rebasing: room[self.count...]).copyMemory(from: text)
        }
        self.count += text.count
    }

    package mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { self.append(UnsafeRawBufferPointer($0)) }
    }

    package mutating func append(byte: UInt8) {
        self.reserve(1)
        self.room[self.count] = byte
        self.count += 1
    }

    package mutating func append(_ number: Int64) {
        if number < 0 { self.append(byte: UInt8(ascii: "-")) }
        self.append(digits: number.magnitude, atLeast: 1)
    }

    /// With zeros in front, if it has fewer digits.
    package mutating func append(digits number: UInt64, atLeast width: Int) {
        var digits = 1
        var rest = number
        while rest >= 10 {
            rest /= 10
            digits += 1
        }
        digits = max(digits, width)
        self.reserve(digits)
        rest = number
        for place in stride(from: self.count + digits - 1, through: self.count, by: -1) {
            self.room[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
        self.count += digits
    }

    /// - Parameter number: 0 … 99.
    package mutating func append(twoDigits number: Int) {
        self.reserve(2)
        self.room[self.count] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / 10)
        self.room[self.count + 1] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number % 10)
        self.count += 2
    }

    /// Takes back what was written since `start`.
    mutating func cut(to start: Int) { self.count = min(self.count, max(start, 0)) }

    /// What was written since `start`, as text.
    func text(from start: Int) -> String { String(decoding: self.room[min(start, self.count)..<self.count], as: UTF8.self) }

    /// Cuts what was written since `start` to so many characters.
    mutating func limit(from start: Int, to characters: Int) {
        guard self.count - start > characters else { return }
        let text = self.text(from: start)
        self.cut(to: start)
        self.append(String(text.prefix(characters)))
    }

    /// Whether what was written since `start` may stand in a JSON string as it is.
    func isPlain(from start: Int) -> Bool {
        self.room[min(start, self.count)..<self.count].allSatisfy {
            $0 >= 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
        }
    }
}
