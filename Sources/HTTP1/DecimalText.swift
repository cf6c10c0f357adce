// SPDX-License-Identifier: Apache-2.0
package import NIOCore

/// Numbers as decimal digits, written in place: no `String` on the way.
package enum DecimalText {
    /// How many digits the number has.
    package static func count(_ value: UInt64) -> Int {
        var count = 1
        var rest = value
        while rest >= 10 {
            rest /= 10
            count += 1
        }
        return count
    }

    /// - Parameter bytes: As many as `count` says.
    package static func write(_ value: UInt64, into bytes: UnsafeMutableRawBufferPointer) {
        var rest = value
        var position = bytes.count
        while position > 0 {
            position -= 1
            bytes[position] = 0x30 + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
    }

    package static func write(_ value: UInt64, into buffer: inout ByteBuffer) {
        let count = Self.count(value)
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { bytes in
            Self.write(value, into: UnsafeMutableRawBufferPointer(rebasing: bytes[0..<count]))
            return count
        }
    }
}
