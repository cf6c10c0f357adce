// SPDX-License-Identifier: Apache-2.0

/// The fields of a header block and the bytes behind them, good only during a call.
package struct HeaderView {
    package let fields: UnsafeBufferPointer<HeaderBlock.Field>
    package let received: UnsafeRawBufferPointer
    package let edits: UnsafeRawBufferPointer

    @inlinable
    @inline(__always)
    package init(
        fields: UnsafeBufferPointer<HeaderBlock.Field>, received: UnsafeRawBufferPointer, edits: UnsafeRawBufferPointer
    ) {
        self.fields = fields
        self.received = received
        self.edits = edits
    }

    @inlinable
    @inline(__always)
    package func bytes(_ field: HeaderBlock.Field, from start: Int, to end: Int) -> UnsafeRawBufferPointer {
        switch field.origin {
        case .received, .ragged: UnsafeRawBufferPointer(rebasing: self.received[start..<end])
        case .edited: UnsafeRawBufferPointer(rebasing: self.edits[start..<end])
        }
    }

    @inlinable
    @inline(__always)
    package func name(of field: HeaderBlock.Field) -> UnsafeRawBufferPointer {
        self.bytes(field, from: Int(field.start), to: Int(field.start) + Int(field.nameLength))
    }

    @inlinable
    @inline(__always)
    package func value(of field: HeaderBlock.Field) -> UnsafeRawBufferPointer {
        self.bytes(field, from: Int(field.valueStart), to: Int(field.valueEnd))
    }

    /// - Parameter name: In lower case; not looked at where `known` says which header it is.
    @inlinable
    @inline(__always)
    package func matches(_ field: HeaderBlock.Field, _ known: KnownHeader, _ name: UnsafeRawBufferPointer) -> Bool {
        guard field.known == known else { return false }
        guard known == .other else { return true }
        guard Int(field.nameLength) == name.count else { return false }
        return ASCII.equalIgnoringCase(self.name(of: field), lowercase: name)
    }
}
