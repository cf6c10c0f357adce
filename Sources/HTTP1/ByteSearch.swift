// SPDX-License-Identifier: Apache-2.0

/// Looks at sixteen bytes at once.
enum ByteSearch {
    typealias Mask = SIMDMask<SIMD16<Int8>>

    /// The first byte from `start` on that is one of those asked for; `bytes.count` if there is none.
    ///
    /// Reads inside `bytes` only: sixteen bytes where there are as many behind `position`, then the last sixteen of all, then one by
    /// one where there are fewer.
    ///
    /// - Parameters:
    ///   - lanes: Which of sixteen bytes are.
    ///   - isFound: The same for one byte.
    @inline(__always)
    static func first(
        in bytes: UnsafeRawBufferPointer, from start: Int, _ lanes: (SIMD16<UInt8>) -> Mask, orOne isFound: (UInt8) -> Bool
    ) -> Int {
        let count = bytes.count
        var position = start
        while position &+ 16 <= count {
            let mask = Self.words(lanes(bytes.loadUnaligned(fromByteOffset: position, as: SIMD16<UInt8>.self)))
            if mask.low != 0 { return position &+ mask.low.trailingZeroBitCount >> 3 }
            if mask.high != 0 { return position &+ 8 &+ mask.high.trailingZeroBitCount >> 3 }
            position &+= 16
        }
        guard count >= 16, position < count else {
            while position < count, !isFound(bytes[position]) { position &+= 1 }
            return position
        }
        // The last sixteen of all, without those before `position`: there are one to fifteen of them.
        let place = count &- 16
        var mask = Self.words(lanes(bytes.loadUnaligned(fromByteOffset: place, as: SIMD16<UInt8>.self)))
        let known = position &- place
        if known < 8 {
            mask.low &= UInt64.max << UInt64(truncatingIfNeeded: known * 8)
        } else {
            mask.low = 0
            mask.high &= UInt64.max << UInt64(truncatingIfNeeded: (known &- 8) * 8)
        }
        if mask.low != 0 { return place &+ mask.low.trailingZeroBitCount >> 3 }
        if mask.high != 0 { return place &+ 8 &+ mask.high.trailingZeroBitCount >> 3 }
        return count
    }

    /// All bits of a byte are set where its lane is; the first byte is the lowest.
    @inline(__always)
    private static func words(_ mask: Mask) -> (low: UInt64, high: UInt64) {
        let words = unsafeBitCast(mask, to: SIMD2<UInt64>.self)
        return (UInt64(littleEndian: words[0]), UInt64(littleEndian: words[1]))
    }
}
