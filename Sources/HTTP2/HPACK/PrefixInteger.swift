// SPDX-License-Identifier: Apache-2.0

/// Integers that begin in the low bits of a byte (RFC 7541 5.1).
enum PrefixInteger {
    /// Values beyond this are refused: no length or index that we accept is larger.
    private static let maximum = 1 << 28

    /// - Parameter bits: How many low bits of the first byte belong to the integer: 1 … 8.
    /// - Returns: nil if the bytes end early or the value is too large.
    static func read(_ bytes: UnsafeRawBufferPointer, at position: inout Int, bits: Int) -> Int? {
        guard position < bytes.count else { return nil }
        let mask = (1 << bits) - 1
        var value = Int(bytes[position]) & mask
        position += 1
        guard value == mask else { return value }
        var shift = 0
        while position < bytes.count, shift <= 28 {
            let byte = bytes[position]
            position += 1
            value += Int(byte & 0x7F) << shift
            guard value <= Self.maximum else { return nil }
            if byte < 0x80 { return value }
            shift += 7
        }
        return nil
    }
}
