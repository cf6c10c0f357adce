// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// The header fields of one message, as offsets into the bytes that carried them.
///
/// Fields that nobody edits are never copied until the head is written; edits append whole lines to a second piece of memory.
/// Names keep the spelling they came with, and all lookups ignore case.
///
/// Sendable because its storage is changed only while this block is the only one that holds it (`withOwnStorage`).
package struct HeaderBlock: @unchecked Sendable {
    package enum Origin: UInt8, Sendable {
        case received
        /// Received with other blanks around its value than one before it: not every reader takes them away, so the line is written
        /// anew.
        case ragged
        case edited
    }

    /// One line `name: value CRLF` in the bytes that `origin` names.
    package struct Field: Sendable {
        package var start: UInt32
        package var valueStart: UInt32
        package var valueEnd: UInt32
        package var end: UInt32
        package var nameLength: UInt16
        package var known: KnownHeader
        package var origin: Origin
    }

    /// nil: no fields.
    package private(set) var storage: HeaderStorage?

    package init() { self.storage = nil }

    init(_ storage: HeaderStorage) { self.storage = storage }

    /// `fields` must lie inside `received`.
    init(received: ByteBuffer, fields: [Field]) {
        let storage = HeaderStorage.make(received, fields: max(fields.count + 8, HeaderStorage.usualFields))
        for field in fields { storage.append(field) }
        self.storage = storage
    }

    package init(_ pairs: [(String, String)]) {
        self.init()
        for (name, value) in pairs { self.add(HeaderName(name), value) }
    }

    package var count: Int { self.storage.map { $0.header.fieldCount } ?? 0 }
    package var isEmpty: Bool { self.count == 0 }

    /// At least the bytes of all names and values.
    package var heldBytes: Int { self.storage.map { $0.header.receivedBytes.count + $0.header.editCount } ?? 0 }

    @inlinable
    package var present: UInt64 {
        @inline(__always) get { self.storage.map { $0.withUnsafeMutablePointerToHeader { $0.pointee.present } } ?? 0 }
    }

    @inlinable
    @inline(__always)
    package func mayHold(_ known: KnownHeader) -> Bool { self.present & known.bit != 0 }

    // MARK: Reading

    @inlinable
    @inline(__always)
    package func withView<R>(_ body: (HeaderView) -> R) -> R {
        guard let storage = self.storage else {
            let nothing = UnsafeRawBufferPointer(start: nil, count: 0)
            return body(HeaderView(fields: UnsafeBufferPointer(start: nil, count: 0), received: nothing, edits: nothing))
        }
        return storage.withUnsafeMutablePointers { header, fields in
            body(
                HeaderView(
                    fields: UnsafeBufferPointer(start: fields, count: header.pointee.fieldCount),
                    received: header.pointee.receivedBytes,
                    edits: UnsafeRawBufferPointer(
                        rebasing: HeaderStorage.edits(header, fields)[..<header.pointee.editCount])))
        }
    }

    func value(of field: Field) -> TextSlice { self.text(field, from: field.valueStart, to: field.valueEnd) }

    func name(of field: Field) -> TextSlice { self.text(field, from: field.start, to: field.start + UInt32(field.nameLength)) }

    /// What was received is shared, what was added is copied.
    private func text(_ field: Field, from start: UInt32, to end: UInt32) -> TextSlice {
        switch field.origin {
        case .received, .ragged:
            guard let received = self.storage?.header.received,
                let slice = received.getSlice(at: received.readerIndex + Int(start), length: Int(end) - Int(start))
            else { return .empty }
            return TextSlice(slice)
        case .edited:
            return self.withView { TextSlice(ByteBuffer(bytes: $0.bytes(field, from: Int(start), to: Int(end)))) }
        }
    }

    // MARK: Changing

    /// The only way to change what is held: in storage that nobody else holds, with room for so much more.
    @inline(__always)
    mutating func withOwnStorage<R>(
        fields: Int, edits: Int,
        _ body: (UnsafeMutablePointer<Contents>, UnsafeMutablePointer<Field>) -> R
    ) -> R {
        if isKnownUniquelyReferenced(&self.storage), let storage = self.storage, storage.hasRoom(fields: fields, edits: edits) {
            return storage.withUnsafeMutablePointers(body)
        }
        let storage = HeaderStorage.copy(of: self.storage, fields: fields, edits: edits)
        self.storage = storage
        return storage.withUnsafeMutablePointers(body)
    }

    /// Takes out the fields of which `isRemoved` is true.
    ///
    /// - Parameter forgotten: Bits of headers of which none is left.
    @inline(__always)
    mutating func removeFields(forgotten: UInt64 = 0, where isRemoved: (Field, HeaderView) -> Bool) {
        guard self.storage != nil else { return }
        self.withOwnStorage(fields: 0, edits: 0) { header, fields in
            let view = HeaderView(
                fields: UnsafeBufferPointer(start: fields, count: header.pointee.fieldCount),
                received: header.pointee.receivedBytes,
                edits: UnsafeRawBufferPointer(HeaderStorage.edits(header, fields)))
            var kept = 0
            for index in 0..<header.pointee.fieldCount {
                let field = fields[index]
                if isRemoved(field, view) { continue }
                if kept != index { fields[kept] = field }
                kept += 1
            }
            header.pointee.fieldCount = kept
            header.pointee.present &= ~forgotten
        }
    }

    /// Takes out every field of this name.
    mutating func removeFields(_ known: KnownHeader) {
        self.removeFields(forgotten: known.bit) { field, _ in field.known == known }
    }
}
