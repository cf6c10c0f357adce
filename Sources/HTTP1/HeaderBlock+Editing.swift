// SPDX-License-Identifier: Apache-2.0
import NIOCore

extension HeaderBlock {
    /// Appends a field. Control characters in the value become spaces: an edit can never end a line early.
    package mutating func add(_ name: HeaderName, _ value: String) {
        var value = value
        value.withUTF8 { self.append(name, UnsafeRawBufferPointer($0)) }
    }

    package mutating func add(_ name: HeaderName, _ value: TextSlice) {
        value.withBytes { self.append(name, $0) }
    }

    package mutating func add(_ known: KnownHeader, _ value: String) {
        var value = value
        value.withUTF8 { self.append(known, UnsafeRawBufferPointer($0)) }
    }

    package mutating func add(_ known: KnownHeader, _ value: StaticString) {
        self.append(known, UnsafeRawBufferPointer(start: value.utf8Start, count: value.utf8CodeUnitCount))
    }

    package mutating func add(_ known: KnownHeader, _ value: TextSlice) {
        value.withBytes { self.append(known, $0) }
    }

    package mutating func add(_ known: KnownHeader, decimal value: UInt64) {
        let count = DecimalText.count(value)
        self.add(known, count: count) { DecimalText.write(value, into: $0) }
    }

    /// A value of `count` bytes that `fill` writes.
    package mutating func add(_ known: KnownHeader, count: Int, _ fill: (UnsafeMutableRawBufferPointer) -> Void) {
        let name = known.staticName
        self.append(known, UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount), count: count, fill)
    }

    /// Replaces all fields of this name by one.
    package mutating func set(_ name: HeaderName, _ value: String) {
        self.remove(name)
        self.add(name, value)
    }

    package mutating func set(_ name: HeaderName, _ value: TextSlice) {
        self.remove(name)
        self.add(name, value)
    }

    package mutating func set(_ known: KnownHeader, _ value: String) {
        self.remove(known)
        self.add(known, value)
    }

    package mutating func set(_ known: KnownHeader, _ value: TextSlice) {
        self.remove(known)
        self.add(known, value)
    }

    package mutating func set(_ known: KnownHeader, decimal value: UInt64) {
        self.remove(known)
        self.add(known, decimal: value)
    }

    package mutating func remove(_ known: KnownHeader) {
        guard self.mayHold(known) else { return }
        self.removeFields(known)
    }

    package mutating func remove(_ name: HeaderName) {
        if name.known != .other { return self.remove(name.known) }
        guard self.contains(name) else { return }
        name.bytes.withUnsafeBytes { bytes in self.removeFields { field, view in view.matches(field, .other, bytes) } }
    }

    /// Removes the field of this name that the peer spelled as `name`.
    package mutating func remove(_ name: TextSlice) {
        self.remove(HeaderName(name.string))
    }

    /// Gives all fields `from` the name `to`, in place.
    package mutating func rename(_ from: HeaderName, to: HeaderName) {
        for index in 0..<self.count {
            let value = from.bytes.withUnsafeBytes { name in
                self.withView { view -> TextSlice? in
                    let field = view.fields[index]
                    return view.matches(field, from.known, name) ? self.value(of: field) : nil
                }
            }
            guard let value else { continue }
            self.add(to, value)
            // The new line takes the place of the old one.
            self.withOwnStorage(fields: 0, edits: 0) { header, fields in
                header.pointee.fieldCount -= 1
                fields[index] = fields[header.pointee.fieldCount]
            }
        }
    }

    private mutating func append(_ name: HeaderName, _ value: UnsafeRawBufferPointer) {
        name.bytes.withUnsafeBytes { bytes in
            self.append(name.known, bytes, count: value.count) { Self.copy(value, into: $0) }
        }
    }

    private mutating func append(_ known: KnownHeader, _ value: UnsafeRawBufferPointer) {
        self.add(known, count: value.count) { Self.copy(value, into: $0) }
    }

    private static func copy(_ value: UnsafeRawBufferPointer, into bytes: UnsafeMutableRawBufferPointer) {
        bytes.copyMemory(from: value)
        for index in 0..<bytes.count where !ASCII.isFieldValue(bytes[index]) { bytes[index] = 0x20 }
    }

    /// A whole line, written at once. What is longer than a line may be is dropped rather than written short: only configuration
    /// can be.
    @inline(__always)
    private mutating func append(
        _ known: KnownHeader, _ name: UnsafeRawBufferPointer, count: Int, _ fill: (UnsafeMutableRawBufferPointer) -> Void
    ) {
        let length = name.count + count + 4
        guard let nameLength = UInt16(exactly: name.count), length <= Self.longestLine else { return }
        self.withOwnStorage(fields: 1, edits: length) { header, fields in
            let start = header.pointee.editCount
            guard let end = UInt32(exactly: start + length) else { return }
            let line = UnsafeMutableRawBufferPointer(rebasing: HeaderStorage.edits(header, fields)[start..<(start + length)])
            line.copyMemory(from: name)
            line.storeBytes(of: UInt16(0x3A20).bigEndian, toByteOffset: name.count, as: UInt16.self)
            fill(UnsafeMutableRawBufferPointer(rebasing: line[(name.count + 2)..<(name.count + 2 + count)]))
            line.storeBytes(of: UInt16(0x0D0A).bigEndian, toByteOffset: length - 2, as: UInt16.self)
            header.pointee.editCount = start + length
            fields[header.pointee.fieldCount] = Field(
                start: UInt32(truncatingIfNeeded: start), valueStart: UInt32(truncatingIfNeeded: start + name.count + 2),
                valueEnd: end - 2, end: end, nameLength: nameLength, known: known, origin: .edited)
            header.pointee.fieldCount += 1
            header.pointee.present |= known.bit
        }
    }

    private static let longestLine = 1 << 24
}
