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

    /// The value of bytes that are nothing but digits and fit.
    package static func value(_ bytes: UnsafeRawBufferPointer) -> Int? {
        guard !bytes.isEmpty else { return nil }
        var value = 0
        for byte in bytes {
            guard byte >= 0x30, byte <= 0x39 else { return nil }
            let (scaled, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = scaled.addingReportingOverflow(Int(byte - 0x30))
            guard !overflow, !carry else { return nil }
            value = sum
        }
        return value
    }

    package static func write(_ value: UInt64, into buffer: inout ByteBuffer) {
        let count = Self.count(value)
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { bytes in
            Self.write(value, into: UnsafeMutableRawBufferPointer(rebasing: bytes[0..<count]))
            return count
        }
    }
}
