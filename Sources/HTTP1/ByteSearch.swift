// SPDX-License-Identifier: Apache-2.0

/// Looks at sixteen bytes at once, with nothing but sums and logic of bytes: what compares them is compiled to one after the other.
enum ByteSearch {
    /// In the top bit of each byte: whether it is looked for. For bytes below 0x80 a sum tells where they stand: `v &- 0x20` sets the bit
    /// of those below 0x20, `v &+ 0x50` of those from 0x30 on.
    typealias Lanes = SIMD16<UInt8>

    /// The first byte from `start` on that is one of those asked for; `bytes.count` if there is none.
    ///
    /// Reads inside `bytes` only: sixteen bytes where there are as many behind `position`, then the last sixteen of all, or one by one
    /// where there are fewer than sixteen of all.
    ///
    /// - Parameters:
    ///   - lanes: Which of sixteen bytes are.
    ///   - isFound: The same for one byte.
    @inline(__always)
    static func first(
        in bytes: UnsafeRawBufferPointer, from start: Int, _ lanes: (Lanes) -> Lanes, orOne isFound: (UInt8) -> Bool
    ) -> Int {
        guard let base = bytes.baseAddress else { return start }
        let count = bytes.count
        var position = start
        while position &+ 16 <= count {
            let found = Self.bits(lanes(base.loadUnaligned(fromByteOffset: position, as: Lanes.self)))
            if found.low != 0 { return position &+ found.low.trailingZeroBitCount &>> 3 }
            if found.high != 0 { return position &+ 8 &+ found.high.trailingZeroBitCount &>> 3 }
            position &+= 16
        }
        guard count >= 16, position < count else {
            while position < count, !isFound(base.load(fromByteOffset: position, as: UInt8.self)) { position &+= 1 }
            return position
        }
        // The last sixteen of all, without those before `position`: there are one to fifteen of them.
        let place = count &- 16
        var found = Self.bits(lanes(base.loadUnaligned(fromByteOffset: place, as: Lanes.self)))
        let known = UInt64(truncatingIfNeeded: position &- place)
        if known < 8 {
            found.low &= UInt64.max &<< (known &* 8)
        } else {
            found.low = 0
            found.high &= UInt64.max &<< ((known &- 8) &* 8)
        }
        if found.low != 0 { return place &+ found.low.trailingZeroBitCount &>> 3 }
        if found.high != 0 { return place &+ 8 &+ found.high.trailingZeroBitCount &>> 3 }
        return count
    }

    /// The first byte is the lowest.
    @inline(__always)
    private static func bits(_ lanes: Lanes) -> (low: UInt64, high: UInt64) {
        let words = unsafeBitCast(lanes, to: SIMD2<UInt64>.self)
        return (UInt64(littleEndian: words[0]) & 0x8080_8080_8080_8080, UInt64(littleEndian: words[1]) & 0x8080_8080_8080_8080)
    }

    // MARK: What is looked for

    /// No letter, digit, dot or dash: those are most of names and hosts.
    @inline(__always)
    static func unusual(_ v: Lanes) -> Lanes {
        let lower = v | Lanes(repeating: 0x20)
        let letters = (lower &+ Lanes(repeating: 0x1F)) & ~(lower &+ Lanes(repeating: 0x05))
        let digits = (v &+ Lanes(repeating: 0x50)) & ~(v &+ Lanes(repeating: 0x46))
        let dashes = (v &+ Lanes(repeating: 0x53)) & ~(v &+ Lanes(repeating: 0x51))
        return v | ~(letters | digits | dashes)
    }

    /// Below 0x20, or 0x7F.
    @inline(__always)
    static func controls(_ v: Lanes) -> Lanes { ((v &- Lanes(repeating: 0x20)) | (v &+ Lanes(repeating: 1))) & ~v }

    /// Neither visible nor of ASCII.
    @inline(__always)
    static func invisible(_ v: Lanes) -> Lanes { v | (v &- Lanes(repeating: 0x21)) | (v &+ Lanes(repeating: 1)) }

    @inline(__always)
    static func equal(_ v: Lanes, _ byte: UInt8) -> Lanes {
        let difference = v ^ Lanes(repeating: byte)
        return (difference &- Lanes(repeating: 1)) & ~difference
    }
}
