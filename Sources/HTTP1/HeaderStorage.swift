// SPDX-License-Identifier: Apache-2.0
package import NIOCore

extension HeaderBlock {
    /// Beside the fields and added lines themselves.
    package struct Contents {
        /// The whole head as received: never changed.
        package let received: ByteBuffer
        /// The bytes of `received`, which keeps them where they are.
        package let receivedBytes: UnsafeRawBufferPointer
        /// A bit for each known header that may be there, so that most questions need no look at the fields. Bits are only ever
        /// too many: a field taken out by its position leaves its bit.
        package var present: UInt64 = 0
        package var fieldCount = 0
        package var fieldCapacity: Int
        package var editCount = 0
        package var editCapacity: Int
    }
}

/// What a `HeaderBlock` holds, in one piece of memory: the places of its fields and, behind them, the lines that were added to what
/// was received. A head is copied by one reference, and made and thrown away by one allocation.
package final class HeaderStorage: ManagedBuffer<HeaderBlock.Contents, HeaderBlock.Field> {
    /// Enough for most heads, with what a proxy adds; all of it fits into what the allocator keeps at hand (1,032 bytes).
    static let usualFields = 20
    static let usualEdits = 500

    static func make(
        _ received: ByteBuffer, fields: Int = HeaderStorage.usualFields, edits: Int = HeaderStorage.usualEdits
    ) -> HeaderStorage {
        let stride = MemoryLayout<HeaderBlock.Field>.stride
        let places = (edits + stride - 1) / stride
        // The memory is held by `received`, and whoever else holds it copies before a change.
        let bytes = received.withUnsafeReadableBytesWithStorageManagement { bytes, _ in bytes }
        let storage = HeaderStorage.create(minimumCapacity: fields + places) { _ in
            HeaderBlock.Contents(
                received: received, receivedBytes: bytes, fieldCapacity: fields, editCapacity: places * stride)
        }
        return unsafeDowncast(storage, to: HeaderStorage.self)
    }

    /// The same with room for so much more.
    static func copy(of other: HeaderStorage?, fields: Int, edits: Int) -> HeaderStorage {
        guard let other else {
            return Self.make(ByteBuffer(), fields: max(fields, Self.usualFields), edits: max(edits, Self.usualEdits))
        }
        return other.withUnsafeMutablePointers { from, fromFields in
            let header = from.pointee
            let storage = Self.make(
                header.received, fields: Self.capacity(header.fieldCount + fields, now: header.fieldCapacity),
                edits: Self.capacity(header.editCount + edits, now: header.editCapacity))
            storage.withUnsafeMutablePointers { to, toFields in
                to.pointee.present = header.present
                to.pointee.fieldCount = header.fieldCount
                to.pointee.editCount = header.editCount
                toFields.update(from: fromFields, count: header.fieldCount)
                Self.edits(to, toFields).copyMemory(
                    from: UnsafeRawBufferPointer(rebasing: Self.edits(from, fromFields)[..<header.editCount]))
            }
            return storage
        }
    }

    private static func capacity(_ needed: Int, now: Int) -> Int { needed <= now ? now : max(needed, 2 * now) }

    /// The memory for added lines.
    @inlinable
    @inline(__always)
    package static func edits(
        _ header: UnsafeMutablePointer<HeaderBlock.Contents>, _ fields: UnsafeMutablePointer<HeaderBlock.Field>
    ) -> UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(start: fields + header.pointee.fieldCapacity, count: header.pointee.editCapacity)
    }

    @inline(__always)
    func hasRoom(fields: Int, edits: Int) -> Bool {
        self.withUnsafeMutablePointerToHeader { header in
            header.pointee.fieldCapacity - header.pointee.fieldCount >= fields
                && header.pointee.editCapacity - header.pointee.editCount >= edits
        }
    }

    /// Ask `hasRoom` before; without room nothing is added.
    @inline(__always)
    func append(_ field: HeaderBlock.Field) {
        self.withUnsafeMutablePointers { header, fields in
            let count = header.pointee.fieldCount
            guard count < header.pointee.fieldCapacity else { return }
            fields[count] = field
            header.pointee.fieldCount = count + 1
            header.pointee.present |= field.known.bit
        }
    }
}
