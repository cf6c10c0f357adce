// SPDX-License-Identifier: Apache-2.0

/// Comparison of bytes without regard to the case of ASCII letters, and the byte classes of RFC 9110 5.6.2.
package enum ASCII {
    @inline(__always)
    package static func lowercase(_ byte: UInt8) -> UInt8 {
        byte &- 0x41 < 26 ? byte | 0x20 : byte
    }

    package static func equalIgnoringCase(_ bytes: UnsafeRawBufferPointer, lowercase other: [UInt8]) -> Bool {
        guard bytes.count == other.count else { return false }
        return other.withUnsafeBufferPointer { other in
            for index in 0..<other.count where lowercase(bytes[index]) != other[index] { return false }
            return true
        }
    }

    package static func equalIgnoringCase(_ bytes: UnsafeRawBufferPointer, _ other: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count == other.count else { return false }
        for index in 0..<other.count where lowercase(bytes[index]) != lowercase(other[index]) { return false }
        return true
    }

    /// `tchar`: what names of headers and methods are made of.
    package static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x61...0x7A, 0x41...0x5A, 0x30...0x39: true
        case 0x21, 0x23, 0x24, 0x25, 0x26, 0x27, 0x2A, 0x2B, 0x2D, 0x2E, 0x5E, 0x5F, 0x60, 0x7C, 0x7E: true
        default: false
        }
    }

    /// What a field value may hold: visible characters, space, tab, obs-text. No other control character.
    @inline(__always)
    package static func isFieldValue(_ byte: UInt8) -> Bool {
        (byte >= 0x20 && byte != 0x7F) || byte == 0x09
    }
}
