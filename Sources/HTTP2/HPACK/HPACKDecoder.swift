// SPDX-License-Identifier: Apache-2.0
import HTTP1
import NIOCore

/// Decodes header blocks of one direction of a connection (RFC 7541). What it refuses ends the connection: the two ends would no
/// longer agree about the table.
struct HPACKDecoder {
    /// What we announce as SETTINGS_HEADER_TABLE_SIZE: its first value, so it need not be sent.
    static let tableSize = 4096

    /// A string literal (RFC 7541 5.2) as it stands in the block.
    private struct Literal {
        var bytes: UnsafeRawBufferPointer
        var isHuffman: Bool

        /// What it takes decoded, at most: the shortest code has five bits.
        var mostBytes: Int { self.isHuffman ? self.bytes.count * 8 / 5 + 1 : self.bytes.count }

        /// - Returns: nil if the bytes are no code.
        func decode(into space: UnsafeMutableRawBufferPointer) -> Int? {
            guard !self.isHuffman else { return HuffmanCode.decode(self.bytes, into: space) }
            space.copyMemory(from: self.bytes)
            return self.bytes.count
        }
    }

    private var table = DynamicTable(capacity: Self.tableSize)

    /// - Parameter block: One whole header block.
    mutating func decode(_ block: ByteBuffer, limits: HTTP2Limits) throws(HTTP2Error) -> FieldList {
        var list = FieldList(limits: limits)
        let isDone = block.withUnsafeReadableBytes { self.decode($0, into: &list) }
        guard isDone else { throw HTTP2Error(.compressionError, "a header block is not HPACK") }
        return list
    }

    private mutating func decode(_ bytes: UnsafeRawBufferPointer, into list: inout FieldList) -> Bool {
        var position = 0
        var mayResize = true
        while position < bytes.count {
            let first = bytes[position]
            if first & 0x80 != 0 {
                guard let index = PrefixInteger.read(bytes, at: &position, bits: 7), let entry = self.entry(index) else {
                    return false
                }
                list.add(entry)
            } else if first & 0x40 != 0 {
                guard self.literal(bytes, &position, indexBits: 6, isKept: true, into: &list) else { return false }
            } else if first & 0x20 != 0 {
                // RFC 7541 4.2: only at the front of a block.
                guard mayResize, let size = PrefixInteger.read(bytes, at: &position, bits: 5), size <= Self.tableSize else {
                    return false
                }
                self.table.resize(size)
                continue
            } else {
                guard self.literal(bytes, &position, indexBits: 4, isKept: false, into: &list) else { return false }
            }
            mayResize = false
        }
        return true
    }

    /// - Parameter index: As RFC 7541 2.3.3 counts, from 1.
    private func entry(_ index: Int) -> FieldEntry? {
        guard index > 0 else { return nil }
        let entries = StaticTable.entries
        return index <= entries.count ? entries[index - 1] : self.table[index - entries.count - 1]
    }

    private mutating func literal(
        _ bytes: UnsafeRawBufferPointer, _ position: inout Int, indexBits: Int, isKept: Bool, into list: inout FieldList
    ) -> Bool {
        guard let index = PrefixInteger.read(bytes, at: &position, bits: indexBits) else { return false }
        if index > 0 {
            guard let entry = self.entry(index), let value = Self.string(bytes, &position) else { return false }
            return entry.line.withUnsafeReadableBytes { line in
                let name = Literal(bytes: UnsafeRawBufferPointer(rebasing: line[..<entry.nameLength]), isHuffman: false)
                // A name that made its first message malformed makes every other so: it is looked at again.
                return self.add(name, known: entry.isValid ? entry.known : nil, value, isKept: isKept, to: &list)
            }
        }
        guard let name = Self.string(bytes, &position), let value = Self.string(bytes, &position) else { return false }
        return self.add(name, known: nil, value, isKept: isKept, to: &list)
    }

    /// Writes `name: value CRLF`.
    /// - Parameter known: nil for a name that has not been looked at.
    private mutating func add(
        _ name: Literal, known: KnownHeader?, _ value: Literal, isKept: Bool, to list: inout FieldList
    ) -> Bool {
        var field: (known: KnownHeader, isValid: Bool) = (known ?? .other, true)
        var nameLength = 0
        let start = list.lineStart
        let isRead = list.writeLine(atMost: name.mostBytes + value.mostBytes + 4) { space -> Int? in
            guard let length = name.decode(into: space) else { return nil }
            nameLength = length
            if known == nil { field = Self.look(at: UnsafeRawBufferPointer(rebasing: space[..<length])) }
            space.storeBytes(of: UInt16(0x3A20).bigEndian, toByteOffset: length, as: UInt16.self)
            let rest = UnsafeMutableRawBufferPointer(rebasing: space[(length + 2)...])
            guard let count = value.decode(into: rest) else { return nil }
            if !Self.isValue(UnsafeRawBufferPointer(rebasing: rest[..<count])) { field.isValid = false }
            rest.storeBytes(of: UInt16(0x0D0A).bigEndian, toByteOffset: count, as: UInt16.self)
            return length + count + 4
        }
        guard isRead else { return false }
        if isKept, let line = list.copyOfLine(from: start) {
            self.table.insert(FieldEntry(line: line, nameLength: nameLength, known: field.known, isValid: field.isValid))
        }
        list.end(start: start, nameLength: nameLength, known: field.known, isValid: field.isValid)
        return true
    }

    private static func string(_ bytes: UnsafeRawBufferPointer, _ position: inout Int) -> Literal? {
        guard position < bytes.count else { return nil }
        let isHuffman = bytes[position] & 0x80 != 0
        guard let length = PrefixInteger.read(bytes, at: &position, bits: 7), length <= bytes.count - position else { return nil }
        let part = UnsafeRawBufferPointer(rebasing: bytes[position..<(position + length)])
        position += length
        return Literal(bytes: part, isHuffman: isHuffman)
    }

    /// Names are tokens in lower case; those of pseudo-header fields begin with a colon.
    private static func look(at name: UnsafeRawBufferPointer) -> (known: KnownHeader, isValid: Bool) {
        guard let first = name.first else { return (.other, false) }
        let begin = first == 0x3A ? 1 : 0
        guard begin < name.count else { return (.other, false) }
        for place in begin..<name.count {
            let byte = name[place]
            guard ASCII.isToken(byte), !(byte >= 0x41 && byte <= 0x5A) else { return (KnownHeader(name: name), false) }
        }
        return (KnownHeader(name: name), true)
    }

    /// RFC 9113 8.2.1: no control characters, no blanks at either end.
    private static func isValue(_ value: UnsafeRawBufferPointer) -> Bool {
        guard let first = value.first, let last = value.last else { return true }
        guard first != 0x20, first != 0x09, last != 0x20, last != 0x09 else { return false }
        return ASCII.isFieldValue(value)
    }
}
