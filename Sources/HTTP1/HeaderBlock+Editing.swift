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

    /// Replaces all fields of this name by one.
    package mutating func set(_ name: HeaderName, _ value: String) {
        self.remove(name)
        self.add(name, value)
    }

    package mutating func set(_ name: HeaderName, _ value: TextSlice) {
        self.remove(name)
        self.add(name, value)
    }

    package mutating func set(_ known: KnownHeader, _ value: String) { self.set(HeaderName(known), value) }

    package mutating func set(_ known: KnownHeader, _ value: TextSlice) { self.set(HeaderName(known), value) }

    package mutating func remove(_ known: KnownHeader) {
        guard self.contains(known) else { return }
        self.fields.removeAll { $0.known == known }
    }

    package mutating func remove(_ name: HeaderName) {
        guard self.contains(name) else { return }
        let kept = self.fields.filter { !self.matches($0, name) }
        self.fields = kept
    }

    /// Removes the field of this name that the peer spelled as `name`.
    package mutating func remove(_ name: TextSlice) {
        self.remove(HeaderName(name.string))
    }

    /// Gives all fields `from` the name `to`, in place.
    package mutating func rename(_ from: HeaderName, to: HeaderName) {
        for index in self.fields.indices where self.matches(self.fields[index], from) {
            let value = self.value(of: self.fields[index])
            self.append(to) { $0.writeImmutableBuffer(value.buffer) }
            if let moved = self.fields.popLast() { self.fields[index] = moved }
        }
    }

    private mutating func append(_ name: HeaderName, value: (inout ByteBuffer) -> Void) {
        let start = self.edits.writerIndex
        self.edits.writeBytes(name.bytes)
        self.edits.writeStaticString(": ")
        let valueStart = self.edits.writerIndex
        value(&self.edits)
        let valueEnd = self.edits.writerIndex
        self.edits.writeStaticString("\r\n")
        self.edits.withUnsafeMutableReadableBytes { bytes in
            for index in valueStart..<valueEnd where !ASCII.isFieldValue(bytes[index]) { bytes[index] = 0x20 }
        }
        guard let end = UInt32(exactly: self.edits.writerIndex), let nameLength = UInt16(exactly: name.bytes.count) else {
            // Only configuration can be this large; the field is dropped rather than written short.
            self.edits.moveWriterIndex(to: start)
            return
        }
        self.fields.append(
            Field(
                start: UInt32(truncatingIfNeeded: start), valueStart: UInt32(truncatingIfNeeded: valueStart),
                valueEnd: UInt32(truncatingIfNeeded: valueEnd), end: end, nameLength: nameLength, known: name.known, origin: .edited
            )
        )
    }
}
