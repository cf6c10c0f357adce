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
        let count = other.count
        guard bytes.count == count else { return false }
        guard count >= 8 else {
            for index in 0..<count where lowercase(bytes[index]) != other[index] { return false }
            return true
        }
        var position = 0
        while position <= count - 8 {
            guard Self.isSame(bytes, other, at: position) else { return false }
            position += 8
        }
        // What is left is compared with some of what went before.
        return position == count || Self.isSame(bytes, other, at: count - 8)
    }

    @inline(__always)
    private static func isSame(_ bytes: UnsafeRawBufferPointer, _ lowercase: UnsafeRawBufferPointer, at position: Int) -> Bool {
        Self.lowercase(bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
            == lowercase.loadUnaligned(fromByteOffset: position, as: UInt64.self)
    }

    /// Eight bytes at once. In each, the top bit of one sum tells `A` or more, that of the other more than `Z`.
    @inline(__always)
    static func lowercase(_ word: UInt64) -> UInt64 {
        let low = word & 0x7F7F_7F7F_7F7F_7F7F
        let fromA = low &+ 0x3F3F_3F3F_3F3F_3F3F
        let behindZ = low &+ 0x2525_2525_2525_2525
        let capitals = (fromA ^ behindZ) & ~word & 0x8080_8080_8080_8080
        return word | capitals >> 2
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

    /// The first byte from `start` on that is in no token; `bytes.count` if there is none.
    @inline(__always)
    static func endOfToken(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
        var position = start
        while true {
            // Letters, digits, dots and dashes: nearly always all.
            position = ByteSearch.first(in: bytes, from: position, ByteSearch.unusual, orOne: { !self.isToken($0) })
            guard position < bytes.count, self.isToken(bytes[position]) else { return position }
            position += 1
        }
    }

    /// What a field value may hold: visible characters, space, tab, obs-text. No other control character.
    @inline(__always)
    package static func isFieldValue(_ byte: UInt8) -> Bool {
        (byte >= 0x20 && byte != 0x7F) || byte == 0x09
    }

    package static func isFieldValue(_ bytes: UnsafeRawBufferPointer) -> Bool {
        self.endOfFieldValue(bytes, from: 0) == bytes.count
    }

    /// The first byte from `start` on that no field value may hold; `bytes.count` if there is none.
    @inline(__always)
    static func endOfFieldValue(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
        var position = start
        while true {
            position = ByteSearch.first(
                in: bytes, from: position, ByteSearch.controls, orOne: { $0 < 0x20 || $0 == 0x7F })
            // A tab is a control character and yet no end.
            guard position < bytes.count, bytes[position] == 0x09 else { return position }
            position += 1
        }
    }
}
