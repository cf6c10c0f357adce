// SPDX-License-Identifier: Apache-2.0
package import NIOCore

extension HeaderBlock {
    /// Makes a block of fields that did not arrive as lines (HTTP/2), by writing them as lines.
    package struct Builder {
        /// What has been written; a field is `name: value CRLF`.
        package var lines: ByteBuffer
        private var fields: [Field] = []

        package init() {
            self.lines = ByteBuffer()
            self.lines.reserveCapacity(1024)
            self.fields.reserveCapacity(16)
        }

        package var count: Int { self.fields.count }

        /// The line from `start` (an index of `lines`) to the end is a field. Nothing is added where it is too long to be counted.
        package mutating func endField(start: Int, nameLength: Int, known: KnownHeader) {
            guard let begin = UInt32(exactly: start - self.lines.readerIndex), let end = UInt32(exactly: self.lines.readableBytes),
                let length = UInt16(exactly: nameLength), Int(begin) + nameLength + 4 <= Int(end)
            else { return }
            self.fields.append(
                Field(
                    start: begin, valueStart: begin + UInt32(length) + 2, valueEnd: end - 2, end: end, nameLength: length,
                    known: known, origin: .received))
        }

        package func finish() -> HeaderBlock { HeaderBlock(received: self.lines, fields: self.fields) }
    }
}
