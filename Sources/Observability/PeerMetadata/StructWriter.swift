// SPDX-License-Identifier: Apache-2.0

/// Writes the wire form of `google.protobuf.Struct`: `map<string, Value> fields = 1`, where a `Value` has `string_value = 3`
/// and `struct_value = 5`. By hand, because this layer has no protobuf library.
struct StructWriter {
    private(set) var bytes: [UInt8] = []

    mutating func add(_ key: String, text: String) { self.add(key, valueField: 3, Array(text.utf8)) }

    mutating func add(_ key: String, object: StructWriter) { self.add(key, valueField: 5, object.bytes) }

    private mutating func add(_ key: String, valueField: UInt8, _ content: [UInt8]) {
        let value = Self.delimited(valueField, content)
        let entry = Self.delimited(1, Array(key.utf8)) + Self.delimited(2, value)
        self.bytes += Self.delimited(1, entry)
    }

    private static func delimited(_ field: UInt8, _ content: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = [field << 3 | 2]
        var length = UInt64(content.count)
        while length >= 0x80 {
            bytes.append(UInt8(length & 0x7f) | 0x80)
            length >>= 7
        }
        bytes.append(UInt8(length))
        return bytes + content
    }
}
