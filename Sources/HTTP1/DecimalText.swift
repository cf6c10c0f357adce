// SPDX-License-Identifier: Apache-2.0
package import NIOCore

/// Numbers as decimal digits, written in place: no `String` on the way.
package enum DecimalText {
    package static func write(_ value: UInt64, into buffer: inout ByteBuffer) {
        if value < 10 {
            buffer.writeInteger(UInt8(0x30) + UInt8(truncatingIfNeeded: value))
            return
        }
        var digits = 1
        var bound: UInt64 = 10
        // Twenty digits are the most that there are.
        while digits < 20, value >= bound {
            digits += 1
            let (next, overflow) = bound.multipliedReportingOverflow(by: 10)
            if overflow { break }
            bound = next
        }
        let count = digits
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { bytes in
            var rest = value
            for position in stride(from: count - 1, through: 0, by: -1) {
                bytes[position] = 0x30 + UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            }
            return count
        }
    }
}
