// SPDX-License-Identifier: Apache-2.0
import NIOCore

extension HeaderBlock {
    /// Appends a field. Control characters in the value become spaces: an edit can never end a line early.
    package mutating func add(_ name: HeaderName, _ value: String) {
        self.append(name) { $0.writeString(value) }
    }

    package mutating func add(_ name: HeaderName, _ value: TextSlice) {
        self.append(name) { $0.writeImmutableBuffer(value.buffer) }
    }

    package mutating func add(_ known: KnownHeader, _ value: String) {
        self.append(known) { $0.writeString(value) }
    }

    /// Of a text that is known to hold no control characters.
    package mutating func add(_ known: KnownHeader, _ value: StaticString) {
        self.append(known, isClean: true) { $0.writeStaticString(value) }
    }

    package mutating func add(_ known: KnownHeader, _ value: TextSlice) {
        self.append(known) { $0.writeImmutableBuffer(value.buffer) }
    }

    package mutating func add(_ known: KnownHeader, decimal value: UInt64) {
        self.append(known, isClean: true) { DecimalText.write(value, into: &$0) }
    }

    /// A value of `count` bytes that `fill` writes.
    package mutating func add(_ known: KnownHeader, count: Int, _ fill: (UnsafeMutableRawBufferPointer) -> Void) {
        self.append(known) { buffer in
            buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { bytes in
                fill(UnsafeMutableRawBufferPointer(rebasing: bytes[0..<count]))
                return count
            }
        }
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
        let block = self
        self.removeFields { block.matches($0, name) }
    }

    /// Removes the field of this name that the peer spelled as `name`.
    package mutating func remove(_ name: TextSlice) {
        self.remove(HeaderName(name.string))
    }

    /// Gives all fields `from` the name `to`, in place.
    package mutating func rename(_ from: HeaderName, to: HeaderName) {
        for index in self.fields.indices where self.matches(self.fields[index], from) {
            let value = self.value(of: self.fields[index])
            guard
                let moved = self.write(
                    to.known, { $0.writeBytes(to.bytes) }, isClean: true, { $0.writeImmutableBuffer(value.buffer) })
            else { continue }
            self.replaceField(at: index, with: moved)
        }
    }

    @inline(__always)
    private mutating func append(_ name: HeaderName, value: (inout ByteBuffer) -> Void) {
        if let field = self.write(name.known, { $0.writeBytes(name.bytes) }, isClean: false, value) { self.append(field) }
    }

    @inline(__always)
    private mutating func append(_ known: KnownHeader, isClean: Bool = false, value: (inout ByteBuffer) -> Void) {
        if let field = self.write(known, { $0.writeStaticString(known.staticName) }, isClean: isClean, value) { self.append(field) }
    }

    /// A whole line in `edits`. nil: longer than a line may be; only configuration can be, and the field is dropped rather than
    /// written short.
    @inline(__always)
    private mutating func write(
        _ known: KnownHeader, _ name: (inout ByteBuffer) -> Void, isClean: Bool, _ value: (inout ByteBuffer) -> Void
    ) -> Field? {
        // Room for what the proxy itself adds, so that the buffer is made once.
        if self.edits.capacity == 0 { self.edits.reserveCapacity(512) }
        let start = self.edits.writerIndex
        name(&self.edits)
        let nameEnd = self.edits.writerIndex
        self.edits.writeStaticString(": ")
        let valueStart = self.edits.writerIndex
        value(&self.edits)
        let valueEnd = self.edits.writerIndex
        self.edits.writeStaticString("\r\n")
        if !isClean {
            self.edits.withUnsafeMutableReadableBytes { bytes in
                for index in valueStart..<valueEnd where !ASCII.isFieldValue(bytes[index]) { bytes[index] = 0x20 }
            }
        }
        guard let end = UInt32(exactly: self.edits.writerIndex), let nameLength = UInt16(exactly: nameEnd - start) else {
            self.edits.moveWriterIndex(to: start)
            return nil
        }
        return Field(
            start: UInt32(truncatingIfNeeded: start), valueStart: UInt32(truncatingIfNeeded: valueStart),
            valueEnd: UInt32(truncatingIfNeeded: valueEnd), end: end, nameLength: nameLength, known: known, origin: .edited)
    }
}
