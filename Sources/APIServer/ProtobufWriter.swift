// SPDX-License-Identifier: Apache-2.0
import Foundation

/// A protobuf message as it is written: fields with a length only, which is all that the messages written here have.
struct ProtobufWriter: Sendable {
    private(set) var bytes = Data()

    mutating func text(_ number: Int, _ text: String?) {
        guard let text, !text.isEmpty else { return }
        delimited(number, Data(text.utf8))
    }

    mutating func message(_ number: Int, _ write: (inout ProtobufWriter) -> Void) {
        var inner = ProtobufWriter()
        write(&inner)
        delimited(number, inner.bytes)
    }

    private mutating func delimited(_ number: Int, _ content: Data) {
        varint(UInt64(number) << 3 | 2)
        varint(UInt64(content.count))
        bytes.append(content)
    }

    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }
}
