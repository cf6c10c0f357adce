// SPDX-License-Identifier: Apache-2.0

/// One line of an access log while it is written, straight into memory that `LogLines` has reserved.
///
/// Every append looks whether it fits: what does not is counted and left out, and `LogLines` writes the whole line once more where
/// there is room. So nothing is ever written behind `capacity`, however long a peer's header is.
package struct LogLine: ~Copyable {
    private let start: UnsafeMutableRawPointer?
    private let capacity: Int
    /// Bytes of the line so far, with those that did not fit.
    package private(set) var count = 0
    /// The most that `count` has been where it was more than `capacity`; else 0.
    private(set) var wanted = 0
    /// Lines of one second have the same date.
    var dates: LogDates

    /// - Parameter memory: Good for as long as the line is written.
    init(memory: UnsafeMutableRawBufferPointer, dates: LogDates) {
        self.start = memory.baseAddress
        self.capacity = memory.count
        self.dates = dates
    }

    /// Where `length` bytes go; nil if they do not fit.
    @inline(__always)
    private mutating func room(_ length: Int) -> UnsafeMutableRawPointer? {
        let place = self.count
        self.count = place + length
        guard self.count <= self.capacity, let start = self.start else {
            self.wanted = max(self.wanted, self.count)
            return nil
        }
        return start + place
    }

    @inline(__always)
    package mutating func append(_ text: UnsafeRawBufferPointer) {
        guard let from = text.baseAddress, let room = self.room(text.count) else { return }
        room.copyMemory(from: from, byteCount: text.count)
    }

    /// The first `count` bytes of `word` as it lies in memory: eight are written at once where there is room for them.
    @inline(__always)
    mutating func append(word: UInt64, count: Int) {
        if self.count + 8 <= self.capacity, let start = self.start {
            (start + self.count).storeBytes(of: word, as: UInt64.self)
            self.count += count
        } else {
            withUnsafeBytes(of: word) { self.append(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
        }
    }

    @inline(__always)
    package mutating func append(_ text: StaticString) {
        self.append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    package mutating func append(text: String) {
        let isDone: Void? = text.utf8.withContiguousStorageIfAvailable { self.append(UnsafeRawBufferPointer($0)) }
        if isDone == nil { Array(text.utf8).withUnsafeBytes { self.append($0) } }
    }

    @inline(__always)
    package mutating func append(byte: UInt8) {
        self.room(1)?.storeBytes(of: byte, as: UInt8.self)
    }

    package mutating func append(_ number: Int64) {
        if number < 0 { self.append(byte: UInt8(ascii: "-")) }
        self.append(digits: number.magnitude)
    }

    /// - Parameter width: Zeros stand in front of a number that has fewer digits.
    package mutating func append(digits number: UInt64, atLeast width: Int = 1) {
        var digits = 1
        var bound: UInt64 = 10
        while number >= bound {
            digits += 1
            let (next, isOver) = bound.multipliedReportingOverflow(by: 10)
            if isOver { break }
            bound = next
        }
        digits = max(digits, width)
        guard let room = self.room(digits) else { return }
        var rest = number
        var place = digits
        while place > 0 {
            place -= 1
            let quotient = rest / 10
            room.storeBytes(
                of: UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest &- quotient &* 10), toByteOffset: place, as: UInt8.self)
            rest = quotient
        }
    }

    /// - Parameter number: 0 … 99.
    package mutating func append(twoDigits number: Int) { self.append(digits: UInt64(number.magnitude), atLeast: 2) }

    /// `2023-11-14T22:13:20.123Z`.
    @inline(__always)
    mutating func appendDate(second: Int64, milliseconds: UInt64) {
        let date = self.dates.text(at: second)
        guard let room = self.room(24) else { return }
        room.storeBytes(of: date.0, as: UInt64.self)
        room.storeBytes(of: date.1, toByteOffset: 8, as: UInt64.self)
        room.storeBytes(of: date.2, toByteOffset: 16, as: UInt32.self)
        let hundreds = milliseconds / 100
        let tens = milliseconds / 10 % 10
        let end = 0x5A30_3030 as UInt32 | UInt32(truncatingIfNeeded: hundreds | tens << 8 | (milliseconds % 10) << 16)
        room.storeBytes(of: end.littleEndian, toByteOffset: 20, as: UInt32.self)
    }

    /// Takes back what was written since `start`.
    mutating func cut(to start: Int) { self.count = min(self.count, max(start, 0)) }

    /// What was written since `start`; nothing where it did not fit.
    func withBytes<R>(from start: Int, _ body: (UnsafeRawBufferPointer) -> R) -> R {
        guard self.count <= self.capacity, start >= 0, start < self.count, let memory = self.start else {
            return body(UnsafeRawBufferPointer(start: nil, count: 0))
        }
        return body(UnsafeRawBufferPointer(start: memory + start, count: self.count - start))
    }

    /// The same as text.
    func text(from start: Int) -> String { self.withBytes(from: start) { String(decoding: $0, as: UTF8.self) } }

    /// Cuts what was written since `start` to so many characters.
    mutating func limit(from start: Int, to characters: Int) {
        guard self.count - start > characters else { return }
        let text = self.text(from: start)
        self.cut(to: start)
        self.append(text: String(text.prefix(characters)))
    }

    /// Whether what was written since `start` may stand in a JSON string as it is.
    func isPlain(from start: Int) -> Bool {
        self.withBytes(from: start) { bytes in
            var place = 0
            while place + 16 <= bytes.count {
                let lanes = bytes.loadUnaligned(fromByteOffset: place, as: SIMD16<UInt8>.self)
                let quotes = (lanes ^ SIMD16(repeating: 0x22)) &- SIMD16(repeating: 1)
                let slashes = (lanes ^ SIMD16(repeating: 0x5C)) &- SIMD16(repeating: 1)
                let others = lanes | (lanes &- SIMD16(repeating: 0x20)) | (lanes &+ SIMD16(repeating: 1)) | quotes | slashes
                // The top bit of each byte: sums alone, because comparisons are compiled to one byte after the other.
                let words = unsafeBitCast(others, to: SIMD2<UInt64>.self)
                guard (words[0] | words[1]) & 0x8080_8080_8080_8080 == 0 else { return false }
                place += 16
            }
            for byte in bytes[place...]
            where byte < 0x20 || byte >= 0x7F || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return false }
            return true
        }
    }
}
