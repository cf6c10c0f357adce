// SPDX-License-Identifier: Apache-2.0
import HTTP1
import NIOCore

/// Decodes header blocks of one direction of a connection (RFC 7541). What it refuses ends the connection: the two ends would no
/// longer agree about the table.
struct HPACKDecoder {
    /// What we announce as SETTINGS_HEADER_TABLE_SIZE: its first value, so it need not be sent.
    static let tableSize = 4096

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
        return index <= StaticTable.entries.count
            ? StaticTable.entries[index - 1] : self.table[index - StaticTable.entries.count - 1]
    }

    private mutating func literal(
        _ bytes: UnsafeRawBufferPointer, _ position: inout Int, indexBits: Int, isKept: Bool, into list: inout FieldList
    ) -> Bool {
        guard let index = PrefixInteger.read(bytes, at: &position, bits: indexBits) else { return false }
        var known: KnownHeader?
        var nameLength = 0
        var isValid = true
        var line: ByteBuffer?
        let start = list.withLines { $0.writerIndex }
        let isRead = list.withLines { lines -> Bool in
            if index > 0 {
                guard let entry = self.entry(index), let name = entry.line.viewBytes(at: 0, length: entry.nameLength) else {
                    return false
                }
                lines.writeBytes(name)
                nameLength = entry.nameLength
                known = entry.known
            } else {
                guard Self.string(bytes, &position, into: &lines) else { return false }
                nameLength = lines.writerIndex - start
                (known, isValid) = Self.name(lines, start: start, length: nameLength)
            }
            lines.writeStaticString(": ")
            let valueStart = lines.writerIndex
            guard Self.string(bytes, &position, into: &lines) else { return false }
            if !Self.isValue(lines, from: valueStart) { isValid = false }
            lines.writeStaticString("\r\n")
            if isKept, let written = lines.viewBytes(at: start, length: lines.writerIndex - start) {
                line = ByteBuffer(bytes: written)
            }
            return true
        }
        guard isRead else { return false }
        if let line {
            self.table.insert(FieldEntry(line: line, nameLength: nameLength, known: known ?? .other, isValid: isValid))
        }
        list.end(start: start, nameLength: nameLength, known: known ?? .other, isValid: isValid)
        return true
    }

    /// A string literal (RFC 7541 5.2).
    private static func string(_ bytes: UnsafeRawBufferPointer, _ position: inout Int, into lines: inout ByteBuffer) -> Bool {
        guard position < bytes.count else { return false }
        let isHuffman = bytes[position] & 0x80 != 0
        guard let length = PrefixInteger.read(bytes, at: &position, bits: 7), length <= bytes.count - position else { return false }
        let part = UnsafeRawBufferPointer(rebasing: bytes[position..<(position + length)])
        position += length
        guard isHuffman else {
            lines.writeBytes(part)
            return true
        }
        return HuffmanCode.decode(part, into: &lines)
    }

    /// Names are tokens in lower case; those of pseudo-header fields begin with a colon.
    private static func name(_ lines: ByteBuffer, start: Int, length: Int) -> (KnownHeader, isValid: Bool) {
        lines.withUnsafeReadableBytes { all in
            let offset = start - lines.readerIndex
            let name = UnsafeRawBufferPointer(rebasing: all[offset..<(offset + length)])
            guard let first = name.first else { return (.other, false) }
            let rest = first == 0x3A ? UnsafeRawBufferPointer(rebasing: name.dropFirst()) : name
            let isValid = !rest.isEmpty && rest.allSatisfy { ASCII.isToken($0) && !($0 >= 0x41 && $0 <= 0x5A) }
            return (KnownHeader(name: name), isValid)
        }
    }

    /// RFC 9113 8.2.1: no control characters, no blanks at either end.
    private static func isValue(_ lines: ByteBuffer, from start: Int) -> Bool {
        lines.withUnsafeReadableBytes { all in
            let value = UnsafeRawBufferPointer(rebasing: all[(start - lines.readerIndex)...])
            guard let first = value.first, let last = value.last else { return true }
            guard first != 0x20, first != 0x09, last != 0x20, last != 0x09 else { return false }
            return value.allSatisfy { ASCII.isFieldValue($0) }
        }
    }
}
