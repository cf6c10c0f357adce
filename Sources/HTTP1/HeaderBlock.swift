// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// The header fields of one message, as offsets into the bytes that carried them.
///
/// Fields that nobody edits are never copied until the head is written; edits append whole lines to a second buffer.
/// Names keep the spelling they came with, and all lookups ignore case.
package struct HeaderBlock: Sendable {
    enum Origin: UInt8 { case received, edited }

    /// One line `name: value CRLF` in the buffer that `origin` names; offsets count from its readable start.
    struct Field {
        var start: UInt32
        var valueStart: UInt32
        var valueEnd: UInt32
        var end: UInt32
        var nameLength: UInt16
        var known: KnownHeader
        var origin: Origin
    }

    /// The whole head as received: immutable.
    var received: ByteBuffer
    var edits: ByteBuffer
    private(set) var fields: [Field]
    /// A bit for each known header that may be there, so that most questions need no look at the fields. Bits are only ever
    /// too many: a field taken out by its position leaves its bit.
    private(set) var present: UInt64

    package init() {
        self.received = ByteBuffer()
        self.edits = ByteBuffer()
        self.fields = []
        self.present = 0
    }

    /// For a parser: `fields` must lie inside `received`.
    init(received: ByteBuffer, fields: [Field]) {
        self.received = received
        self.edits = ByteBuffer()
        self.fields = fields
        self.present = 0
        for field in fields { self.present |= field.known.bit }
    }

    mutating func append(_ field: Field) {
        self.present |= field.known.bit
        self.fields.append(field)
    }

    mutating func removeFields(where isRemoved: (Field) -> Bool) { self.fields.removeAll(where: isRemoved) }

    /// Takes out every field of this name.
    mutating func removeFields(_ known: KnownHeader) {
        self.fields.removeAll { $0.known == known }
        self.present &= ~known.bit
    }

    mutating func popLastField() -> Field? { self.fields.popLast() }

    mutating func replaceField(at index: Int, with field: Field) {
        self.present |= field.known.bit
        self.fields[index] = field
    }

    package init(_ pairs: [(String, String)]) {
        self.init()
        for (name, value) in pairs { self.add(HeaderName(name), value) }
    }

    package var count: Int { self.fields.count }
    package var isEmpty: Bool { self.fields.isEmpty }

    /// At least the bytes of all names and values.
    package var heldBytes: Int { self.received.readableBytes + self.edits.readableBytes }

    /// Bytes that the fields take when written.
    package var byteCount: Int { self.fields.reduce(0) { $0 + Int($1.end - $1.start) } }

    func buffer(of field: Field) -> ByteBuffer { field.origin == .received ? self.received : self.edits }

    @inline(__always)
    func withBytes<R>(of field: Field, _ body: (UnsafeRawBufferPointer) -> R) -> R {
        switch field.origin {
        case .received: self.received.withUnsafeReadableBytes(body)
        case .edited: self.edits.withUnsafeReadableBytes(body)
        }
    }

    func value(of field: Field) -> TextSlice {
        let buffer = self.buffer(of: field)
        let length = Int(field.valueEnd - field.valueStart)
        guard let slice = buffer.getSlice(at: buffer.readerIndex + Int(field.valueStart), length: length) else { return .empty }
        return TextSlice(slice)
    }

    func name(of field: Field) -> TextSlice {
        let buffer = self.buffer(of: field)
        guard let slice = buffer.getSlice(at: buffer.readerIndex + Int(field.start), length: Int(field.nameLength)) else {
            return .empty
        }
        return TextSlice(slice)
    }

    @inline(__always)
    func mayHold(_ known: KnownHeader) -> Bool { self.present & known.bit != 0 }

    func matches(_ field: Field, _ name: HeaderName) -> Bool {
        guard field.known == name.known else { return false }
        return name.bytes.withUnsafeBytes { self.matches(field, name.known, $0) }
    }

    /// - Parameter name: In lower case; not looked at where `known` says which header it is.
    @inline(__always)
    func matches(_ field: Field, _ known: KnownHeader, _ name: UnsafeRawBufferPointer) -> Bool {
        guard field.known == known else { return false }
        guard known == .other else { return true }
        guard Int(field.nameLength) == name.count else { return false }
        return self.withBytes(of: field) { bytes in
            let start = Int(field.start)
            return ASCII.equalIgnoringCase(UnsafeRawBufferPointer(rebasing: bytes[start..<(start + name.count)]), lowercase: name)
        }
    }
}
