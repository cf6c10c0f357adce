// SPDX-License-Identifier: Apache-2.0

/// Known header names by their length and their first and last eight bytes: one look for nearly every name, also for one that is not
/// known.
struct KnownHeaderTable: Sendable {
    private struct Key: Hashable {
        var first: UInt64
        var last: UInt64
        var count: UInt8
    }

    private struct Slot {
        var key: Key
        /// `other` in a free slot.
        var header: KnownHeader
    }

    /// Open addressing: 128 for fewer than 64 names, so there is always a free one.
    private var slots = [Slot](repeating: Slot(key: Key(first: 0, last: 0, count: 0), header: .other), count: 128)

    static let shared = KnownHeaderTable()

    private init() {
        for header in KnownHeader.allCases where header != .other {
            guard let key = Self.key(header.nameBytes) else { continue }
            var place = Self.place(key)
            while self.slots[place].header != .other { place = (place &+ 1) & 127 }
            self.slots[place] = Slot(key: key, header: header)
        }
    }

    /// - Parameter name: In any case.
    @inline(__always)
    func header(_ name: UnsafeRawBufferPointer) -> KnownHeader {
        guard let key = Self.key(name) else { return .other }
        return self.slots.withUnsafeBufferPointer { slots in
            var place = Self.place(key)
            while slots[place].header != .other {
                let slot = slots[place]
                if slot.key == key {
                    // The key is the whole name of up to sixteen bytes.
                    guard name.count > 16, !ASCII.equalIgnoringCase(name, lowercase: slot.header.nameBytes) else {
                        return slot.header
                    }
                }
                place = (place &+ 1) & 127
            }
            return .other
        }
    }

    /// In lower case; nil for what is too short or too long for a known name.
    @inline(__always)
    private static func key(_ name: UnsafeRawBufferPointer) -> Key? {
        let count = name.count
        guard count >= 2, count <= 64 else { return nil }
        let first: UInt64
        var last: UInt64 = 0
        if count >= 8 {
            first = ASCII.lowercase(name.loadUnaligned(as: UInt64.self))
            last = ASCII.lowercase(name.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self))
        } else if count >= 4 {
            let low = UInt64(name.loadUnaligned(as: UInt32.self))
            first = ASCII.lowercase(low | UInt64(name.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self)) << 32)
        } else {
            let low = UInt64(name.loadUnaligned(as: UInt16.self))
            first = ASCII.lowercase(low | UInt64(name[count &- 1]) << 16)
        }
        return Key(first: first, last: last, count: UInt8(truncatingIfNeeded: count))
    }

    /// 0 … 127.
    @inline(__always)
    private static func place(_ key: Key) -> Int {
        let mixed = (key.first ^ UInt64(key.count)) &* 0x9E37_79B9_7F4A_7C15 ^ key.last &* 0xC2B2_AE3D_27D4_EB4F
        return Int(truncatingIfNeeded: mixed >> 57)
    }
}
