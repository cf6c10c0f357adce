// SPDX-License-Identifier: Apache-2.0
import Foundation
import SwiftProtobuf

/// Walks a message for fields that the subset does not have: they would otherwise be left out of decisions without a word.
struct UnknownFieldFinder: Visitor {
    private var path: [Int] = []
    private var found: String?

    /// `7.3 of envoy.…`: field numbers from the message down, and the name of the message that holds the unknown field.
    static func firstUnknownField(in message: some Message) -> String? {
        var finder = UnknownFieldFinder()
        finder.search(message)
        return finder.found
    }

    private var messageName = ""

    private mutating func search(_ message: some Message) {
        let outer = self.messageName
        self.messageName = type(of: message).protoMessageName
        try? message.traverse(visitor: &self)
        self.messageName = outer
    }

    mutating func visitUnknown(bytes: Data) throws {
        guard self.found == nil, !bytes.isEmpty else { return }
        let number = Self.fieldNumber(bytes)
        self.found = (self.path + [number]).map(String.init).joined(separator: ".") + " of \(self.messageName)"
    }

    mutating func visitSingularMessageField<M: Message>(value: M, fieldNumber: Int) throws {
        guard self.found == nil else { return }
        self.path.append(fieldNumber)
        self.search(value)
        self.path.removeLast()
    }

    mutating func visitMapField<KeyType, ValueType: MapValueType>(
        fieldType: _ProtobufMap<KeyType, ValueType>.Type, value: _ProtobufMap<KeyType, ValueType>.BaseType, fieldNumber: Int
    ) throws {}

    mutating func visitMapField<KeyType, ValueType>(
        fieldType: _ProtobufEnumMap<KeyType, ValueType>.Type, value: _ProtobufEnumMap<KeyType, ValueType>.BaseType,
        fieldNumber: Int
    ) throws where ValueType.RawValue == Int {}

    mutating func visitMapField<KeyType, ValueType>(
        fieldType: _ProtobufMessageMap<KeyType, ValueType>.Type, value: _ProtobufMessageMap<KeyType, ValueType>.BaseType,
        fieldNumber: Int
    ) throws {
        for entry in value.values { try self.visitSingularMessageField(value: entry, fieldNumber: fieldNumber) }
    }

    mutating func visitSingularDoubleField(value: Double, fieldNumber: Int) throws {}
    mutating func visitSingularInt64Field(value: Int64, fieldNumber: Int) throws {}
    mutating func visitSingularUInt64Field(value: UInt64, fieldNumber: Int) throws {}
    mutating func visitSingularBoolField(value: Bool, fieldNumber: Int) throws {}
    mutating func visitSingularStringField(value: String, fieldNumber: Int) throws {}
    mutating func visitSingularBytesField(value: Data, fieldNumber: Int) throws {}
    mutating func visitSingularEnumField<E: Enum>(value: E, fieldNumber: Int) throws {}

    /// The varint tag that unknown bytes begin with.
    private static func fieldNumber(_ bytes: Data) -> Int {
        var tag: UInt64 = 0
        for (index, byte) in bytes.prefix(5).enumerated() {
            tag |= UInt64(byte & 0x7F) << UInt64(7 * index)
            if byte & 0x80 == 0 { break }
        }
        return Int(tag >> 3)
    }
}
