// SPDX-License-Identifier: Apache-2.0
import HTTP1
import NIOCore

/// A field as a table keeps it: ready to be copied into a header block as a whole line.
struct FieldEntry {
    /// `name: value CRLF`
    let line: ByteBuffer
    let nameLength: Int
    let known: KnownHeader
    /// Whether name and value are what RFC 9113 8.2.1 allows.
    let isValid: Bool

    init(line: ByteBuffer, nameLength: Int, known: KnownHeader, isValid: Bool) {
        self.line = line
        self.nameLength = nameLength
        self.known = known
        self.isValid = isValid
    }

    init(name: String, value: String) {
        self.init(
            line: ByteBuffer(string: "\(name): \(value)\r\n"), nameLength: name.utf8.count, known: HeaderName(name).known,
            isValid: true)
    }

    /// As RFC 7541 4.1 counts it: name, value and 32.
    var size: Int { self.line.readableBytes - 4 + 32 }
}
