// SPDX-License-Identifier: Apache-2.0
import HTTP1

/// Encodes header blocks without a table of its own: names by the static table, values as they are.
///
/// Between sidecar and service bytes are cheap and cycles are not; what the peer allows for a dynamic table is left unused.
/// Writes into memory that has room for all of it: `room(for:)`, and the same for single fields.
struct HPACKEncoder {
    /// What the two lengths and the pattern of a field take beside its bytes, at most.
    private static let overhead = 16

    private let space: UnsafeMutableRawBufferPointer
    private(set) var count = 0

    init(_ space: UnsafeMutableRawBufferPointer) { self.space = space }

    static func room(for headers: HeaderBlock) -> Int { headers.heldBytes + headers.count * Self.overhead }

    /// At the front of a block: no table is used. Takes one byte.
    mutating func emptyTable() { self.byte(0x20) }

    mutating func indexed(_ index: UInt8) { self.byte(0x80 | index) }

    /// A field whose name stands at `index` of the static table.
    mutating func field(nameIndex: UInt8, value: UnsafeRawBufferPointer) {
        self.integer(Int(nameIndex), pattern: 0, bits: 4)
        self.string(value)
    }

    mutating func field(name: StaticString, value: UnsafeRawBufferPointer) {
        self.byte(0)
        self.string(UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
        self.string(value)
    }

    /// All fields that HTTP/2 carries: not those that concern an HTTP/1 connection, and not `host`, which is `:authority`.
    mutating func fields(_ headers: HeaderBlock) {
        headers.forEachField { name, value, known in
            switch known {
            case .host, .connection, .keepAlive, .proxyConnection, .transferEncoding, .upgrade, .http2Settings: return
            default: break
            }
            // Credentials are never to be indexed by anyone on the way (RFC 7541 7.1.3).
            let pattern: UInt8 = known == .authorization || known == .cookie ? 0x10 : 0
            let index = StaticTable.indexOfKnown[Int(known.rawValue)]
            if index > 0 {
                self.integer(Int(index), pattern: pattern, bits: 4)
            } else {
                self.byte(pattern)
                self.integer(name.count, pattern: 0, bits: 7)
                for place in 0..<name.count { self.space[self.count + place] = ASCII.lowercase(name[place]) }
                self.count += name.count
            }
            self.string(value)
        }
    }

    private mutating func string(_ text: UnsafeRawBufferPointer) {
        self.integer(text.count, pattern: 0, bits: 7)
        UnsafeMutableRawBufferPointer(rebasing: self.space[self.count...]).copyMemory(from: text)
        self.count += text.count
    }

    private mutating func byte(_ byte: UInt8) {
        self.space[self.count] = byte
        self.count += 1
    }

    /// RFC 7541 5.1.
    /// - Parameter pattern: The high bits of the first byte.
    mutating func integer(_ value: Int, pattern: UInt8, bits: Int) {
        let mask = (1 << bits) - 1
        guard value >= mask else { return self.byte(pattern | UInt8(truncatingIfNeeded: value)) }
        self.byte(pattern | UInt8(truncatingIfNeeded: mask))
        var rest = value - mask
        while rest >= 0x80 {
            self.byte(UInt8(truncatingIfNeeded: rest & 0x7F) | 0x80)
            rest >>= 7
        }
        self.byte(UInt8(truncatingIfNeeded: rest))
    }
}
