// SPDX-License-Identifier: Apache-2.0

/// Reads texts out of the wire form of a `google.protobuf.Struct` that a peer sent: one level, and one named object below it.
enum StructReader {
    /// Members of one object at most; the rest of the message is not looked at.
    static let maximumMembers = 128

    struct Fields {
        var texts: [String: String] = [:]
        var nested: [String: String] = [:]
    }

    /// Nil if the bytes are not well-formed.
    static func fields(_ bytes: [UInt8], nestedKey: String) -> Fields? {
        var fields = Fields()
        guard let members = Self.members(bytes[...]) else { return nil }
        for (key, field, content) in members {
            if field == 3 { fields.texts[key] = Self.text(content) }
            if field == 5, key == nestedKey {
                guard let inner = Self.members(content) else { return nil }
                for (key, field, content) in inner where field == 3 { fields.nested[key] = Self.text(content) }
            }
        }
        return fields
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String? { String(validating: bytes, as: UTF8.self) }

    private static func members(_ bytes: ArraySlice<UInt8>) -> [(key: String, valueField: UInt64, content: ArraySlice<UInt8>)]? {
        var rest = bytes
        var members: [(String, UInt64, ArraySlice<UInt8>)] = []
        while !rest.isEmpty {
            guard let (field, entry) = Self.field(&rest) else { return nil }
            guard field == 1, let entry else { continue }
            var inside = entry
            var key: String?
            var value: ArraySlice<UInt8>?
            while !inside.isEmpty {
                guard let (number, content) = Self.field(&inside) else { return nil }
                if number == 1 { key = content.flatMap(Self.text) }
                if number == 2 { value = content }
            }
            guard let key, var value else { continue }
            guard members.count < Self.maximumMembers else { return members }
            while !value.isEmpty {
                guard let (number, content) = Self.field(&value) else { return nil }
                if let content { members.append((key, number, content)) }
            }
        }
        return members
    }

    /// One field: its number, and its content where it is length-delimited.
    private static func field(_ bytes: inout ArraySlice<UInt8>) -> (UInt64, ArraySlice<UInt8>?)? {
        guard let tag = Self.varint(&bytes), tag >> 3 > 0 else { return nil }
        switch tag & 7 {
        case 0:
            return Self.varint(&bytes).map { _ in (tag >> 3, nil) }
        case 1:
            return Self.skip(8, &bytes) ? (tag >> 3, nil) : nil
        case 5:
            return Self.skip(4, &bytes) ? (tag >> 3, nil) : nil
        case 2:
            guard let length = Self.varint(&bytes), length <= UInt64(bytes.count) else { return nil }
            let content = bytes.prefix(Int(length))
            bytes = bytes.dropFirst(Int(length))
            return (tag >> 3, content)
        default:
            return nil
        }
    }

    private static func skip(_ count: Int, _ bytes: inout ArraySlice<UInt8>) -> Bool {
        guard bytes.count >= count else { return false }
        bytes = bytes.dropFirst(count)
        return true
    }

    private static func varint(_ bytes: inout ArraySlice<UInt8>) -> UInt64? {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while let byte = bytes.first {
            bytes = bytes.dropFirst()
            guard shift < 63 else { return nil }
            value |= UInt64(byte & 0x7f) << shift
            if byte & 0x80 == 0 { return value }
            shift += 7
        }
        return nil
    }
}
