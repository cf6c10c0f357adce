// SPDX-License-Identifier: Apache-2.0

/// Comparison of bytes without regard to the case of ASCII letters, and the byte classes of RFC 9110 5.6.2.
package enum ASCII {
    @inlinable
    @inline(__always)
    package static func lowercase(_ byte: UInt8) -> UInt8 {
        byte &- 0x41 < 26 ? byte | 0x20 : byte
    }

    package static func equalIgnoringCase(_ bytes: UnsafeRawBufferPointer, lowercase other: [UInt8]) -> Bool {
        other.withUnsafeBytes { self.equalIgnoringCase(bytes, lowercase: $0) }
    }

    /// - Parameter other: Has no capital letters.
    package static func equalIgnoringCase(_ bytes: UnsafeRawBufferPointer, lowercase other: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count == other.count else { return false }
        for index in 0..<other.count where lowercase(bytes[index]) != other[index] { return false }
        return true
    }

    package static func equalIgnoringCase(_ bytes: UnsafeRawBufferPointer, _ other: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count == other.count else { return false }
        for index in 0..<other.count where lowercase(bytes[index]) != lowercase(other[index]) { return false }
        return true
    }

    /// `tchar`: what names of headers and methods are made of.
    @inline(__always)
    package static func isToken(_ byte: UInt8) -> Bool {
        // A bit for each byte below 128: digits, letters and !#$%&'*+-.^_`|~
        let bits: UInt64 = byte < 64 ? 0x03FF_6CFA_0000_0000 : 0x57FF_FFFF_C7FF_FFFE
        return byte < 128 && bits >> UInt64(byte & 63) & 1 != 0
    }

    /// What a field value may hold: visible characters, space, tab, obs-text. No other control character.
    @inline(__always)
    package static func isFieldValue(_ byte: UInt8) -> Bool {
        (byte >= 0x20 && byte != 0x7F) || byte == 0x09
    }

    /// The first byte from `start` on that no field value may hold; `bytes.count` if there is none.
    @inline(__always)
    static func endOfFieldValue(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
        var position = start
        // Eight at once: below 0x20, or 0x7F (the usual trick with borrows; exact for the first byte that it finds).
        while position + 8 <= bytes.count {
            let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
            let controls = (word &- 0x2020_2020_2020_2020) & ~word
            let flipped = word ^ 0x7F7F_7F7F_7F7F_7F7F
            let deletes = (flipped &- 0x0101_0101_0101_0101) & ~flipped
            let found = (controls | deletes) & 0x8080_8080_8080_8080
            guard found == 0 else {
                position += found.trailingZeroBitCount >> 3
                break
            }
            position += 8
        }
        // The rest, and what follows a tab, which is a control character and yet no end.
        while position < bytes.count, self.isFieldValue(bytes[position]) { position += 1 }
        return position
    }
}
