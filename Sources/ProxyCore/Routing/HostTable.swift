// SPDX-License-Identifier: Apache-2.0
import HTTP1

/// Host names to numbers, asked with a peer's bytes in any case: open addressing, no `String` made for a question.
struct HostTable: Sendable {
    private struct Slot: Sendable {
        var hash: UInt64
        /// Into `names`; -1 for a free slot.
        var start: Int32
        var length: Int32
        var value: Int
    }

    private var slots: [Slot]
    /// All names in lower case, one behind the other.
    private var names: [UInt8] = []
    private let mask: Int
    private let seed: UInt64

    /// - Parameter names: In lower case.
    init(_ names: [String: Int]) {
        var size = 1
        while size < names.count * 2 { size *= 2 }
        self.mask = size - 1
        // Unknown to clients, so that nobody can make hosts that all fall into one place.
        self.seed = .random(in: .min ... .max)
        self.slots = Array(repeating: Slot(hash: 0, start: -1, length: 0, value: 0), count: names.isEmpty ? 0 : size)
        for (name, value) in names.sorted(by: { $0.key < $1.key }) {
            let bytes = Array(name.utf8)
            let hash = bytes.withUnsafeBytes { Self.hash($0, self.seed) }
            var place = Int(truncatingIfNeeded: hash) & self.mask
            while self.slots[place].start >= 0 { place = (place + 1) & self.mask }
            self.slots[place] = Slot(
                hash: hash, start: Int32(clamping: self.names.count), length: Int32(clamping: bytes.count), value: value)
            self.names += bytes
        }
    }

    var isEmpty: Bool { self.slots.isEmpty }

    subscript(_ name: UnsafeRawBufferPointer) -> Int? {
        guard !self.slots.isEmpty else { return nil }
        let hash = Self.hash(name, self.seed)
        var place = Int(truncatingIfNeeded: hash) & self.mask
        while self.slots[place].start >= 0 {
            if self.slots[place].hash == hash, self.isName(self.slots[place], name) { return self.slots[place].value }
            place = (place + 1) & self.mask
        }
        return nil
    }

    private func isName(_ slot: Slot, _ name: UnsafeRawBufferPointer) -> Bool {
        guard Int(slot.length) == name.count else { return false }
        return self.names.withUnsafeBytes { names in
            let start = Int(slot.start)
            return ASCII.equalIgnoringCase(name, lowercase: UnsafeRawBufferPointer(rebasing: names[start..<(start + name.count)]))
        }
    }

    /// Eight bytes at a time, in lower case; mixed as XXH3 and wyhash do.
    private static func hash(_ bytes: UnsafeRawBufferPointer, _ seed: UInt64) -> UInt64 {
        var state = seed ^ UInt64(truncatingIfNeeded: bytes.count)
        var position = 0
        while position + 8 <= bytes.count {
            state = Self.mix(state ^ Self.lowercase(bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)))
            position += 8
        }
        var rest: UInt64 = 0
        while position < bytes.count {
            rest = rest << 8 | UInt64(bytes[position])
            position += 1
        }
        return Self.mix(state ^ Self.lowercase(rest))
    }

    /// Sets bit 5 of every byte: letters of both cases become one. Other characters may fall together; they are compared anyway.
    @inline(__always)
    private static func lowercase(_ word: UInt64) -> UInt64 { word | 0x2020_2020_2020_2020 }

    @inline(__always)
    private static func mix(_ value: UInt64) -> UInt64 {
        let product = (value ^ 0x9E37_79B9_7F4A_7C15).multipliedFullWidth(by: 0xA076_1D64_78BD_642F)
        return product.high ^ product.low
    }
}
