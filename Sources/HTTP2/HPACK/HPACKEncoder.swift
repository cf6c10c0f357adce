// SPDX-License-Identifier: Apache-2.0
import HTTP1
import NIOCore

/// Encodes header blocks without a table of its own: names by the static table, values as they are.
///
/// Between sidecar and service bytes are cheap and cycles are not; what the peer allows for a dynamic table is left unused.
enum HPACKEncoder {
    static func indexed(_ index: UInt8, into buffer: inout ByteBuffer) { buffer.writeInteger(0x80 | index) }

    /// A field whose name stands at `index` of the static table.
    static func field(nameIndex: UInt8, value: TextSlice, into buffer: inout ByteBuffer) {
        PrefixInteger.write(Int(nameIndex), pattern: 0, bits: 4, into: &buffer)
        Self.string(value, into: &buffer)
    }

    static func field(name: StaticString, value: TextSlice, into buffer: inout ByteBuffer) {
        buffer.writeInteger(UInt8(0))
        PrefixInteger.write(name.utf8CodeUnitCount, pattern: 0, bits: 7, into: &buffer)
        buffer.writeStaticString(name)
        Self.string(value, into: &buffer)
    }

    /// All fields that HTTP/2 carries: not those that concern an HTTP/1 connection, and not `host`, which is `:authority`.
    static func fields(_ headers: HeaderBlock, into buffer: inout ByteBuffer) {
        headers.forEachField { name, value, known in
            switch known {
            case .host, .connection, .keepAlive, .proxyConnection, .transferEncoding, .upgrade, .http2Settings: return
            default: break
            }
            // Credentials are never to be indexed by anyone on the way (RFC 7541 7.1.3).
            let pattern: UInt8 = known == .authorization || known == .cookie ? 0x10 : 0
            let index = StaticTable.indexOfKnown[Int(known.rawValue)]
            if index > 0 {
                PrefixInteger.write(Int(index), pattern: pattern, bits: 4, into: &buffer)
            } else {
                buffer.writeInteger(pattern)
                PrefixInteger.write(name.count, pattern: 0, bits: 7, into: &buffer)
                buffer.writeLowercased(name)
            }
            PrefixInteger.write(value.count, pattern: 0, bits: 7, into: &buffer)
            buffer.writeBytes(value)
        }
    }

    private static func string(_ text: TextSlice, into buffer: inout ByteBuffer) {
        PrefixInteger.write(text.count, pattern: 0, bits: 7, into: &buffer)
        buffer.writeImmutableBuffer(text.buffer)
    }
}
