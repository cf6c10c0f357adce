// SPDX-License-Identifier: Apache-2.0

/// Bytes of access log lines while they are written. No `String` is made of what is only copied.
package struct LogLine: Sendable, Hashable {
    package var bytes: [UInt8] = []

    package init() {}

    package mutating func append(_ text: String) { self.bytes.append(contentsOf: text.utf8) }

    package mutating func append(_ text: UnsafeRawBufferPointer) { self.bytes.append(contentsOf: text) }

    package mutating func append(byte: UInt8) { self.bytes.append(byte) }

    package mutating func append(_ number: Int64) {
        if number < 0 { self.append(byte: UInt8(ascii: "-")) }
        self.append(digits: number.magnitude, atLeast: 1)
    }

    /// With zeros in front, if it has fewer digits.
    package mutating func append(digits number: UInt64, atLeast width: Int) {
        let start = self.bytes.count
        var rest = number
        repeat {
            self.bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        } while rest > 0
        while self.bytes.count - start < width { self.bytes.append(UInt8(ascii: "0")) }
        self.bytes[start...].reverse()
    }

    /// Cuts what was written since `start` to so many characters.
    mutating func limit(from start: Int, to characters: Int) {
        guard self.bytes.count - start > characters else { return }
        let text = String(decoding: self.bytes[start...], as: UTF8.self)
        self.bytes.removeSubrange(start...)
        self.append(String(text.prefix(characters)))
    }
}
