// SPDX-License-Identifier: Apache-2.0
import HTTP1
import NIOCore

/// A decoded header block before it is known what message it makes: fields as lines, pseudo-header fields apart.
///
/// A field that RFC 9113 8.2 forbids makes the whole message malformed; decoding goes on, because the tables of both ends must
/// stay the same.
struct FieldList {
    enum Pseudo: Int, CaseIterable { case method, scheme, authority, path, status, protocolName }

    private(set) var builder = HeaderBlock.Builder()
    private var pseudo: [TextSlice?] = [TextSlice?](repeating: nil, count: Pseudo.allCases.count)
    private(set) var hasPseudo = false
    /// Why it is no message; the stream is reset.
    private(set) var fault: String?
    private(set) var isTooLarge = false
    private let limits: HTTP2Limits

    init(limits: HTTP2Limits) { self.limits = limits }

    subscript(_ name: Pseudo) -> TextSlice? { self.pseudo[name.rawValue] }

    func finish() -> HeaderBlock { self.builder.finish() }

    mutating func add(_ entry: FieldEntry) {
        let start = self.builder.lines.writerIndex
        // One byte can name a field of kilobytes: what is beyond the limit is not even written.
        guard self.builder.lines.readableBytes + entry.line.readableBytes <= self.limits.headBytes else {
            self.isTooLarge = true
            return
        }
        self.builder.lines.writeImmutableBuffer(entry.line)
        self.end(start: start, nameLength: entry.nameLength, known: entry.known, isValid: entry.isValid)
    }

    /// For a decoder that writes a line itself: `body` gets the buffer.
    mutating func withLines<R>(_ body: (inout ByteBuffer) -> R) -> R { body(&self.builder.lines) }

    /// The line from `start` on is a field.
    mutating func end(start: Int, nameLength: Int, known: KnownHeader, isValid: Bool) {
        let lines = self.builder.lines
        if !isValid { self.fault = self.fault ?? "a field name or value holds what it must not" }
        if lines.getInteger(at: start, as: UInt8.self) == 0x3A {
            self.take(lines, start: start, nameLength: nameLength)
        } else if self.builder.count < self.limits.headerCount, lines.readableBytes <= self.limits.headBytes {
            self.builder.endField(start: start, nameLength: nameLength, known: known)
            return
        } else {
            self.isTooLarge = true
        }
        self.builder.lines.moveWriterIndex(to: start)
    }

    private mutating func take(_ lines: ByteBuffer, start: Int, nameLength: Int) {
        self.hasPseudo = true
        let valueStart = start + nameLength + 2
        // A copy: the buffer goes on being written.
        guard let name = lines.getString(at: start, length: nameLength), let kind = Self.kind(name),
            let value = lines.viewBytes(at: valueStart, length: lines.writerIndex - 2 - valueStart)
        else {
            self.fault = self.fault ?? "an unknown pseudo-header field"
            return
        }
        guard self.builder.count == 0, !self.isTooLarge else {
            self.fault = self.fault ?? "\(name) stands behind a regular field"
            return
        }
        guard self.pseudo[kind.rawValue] == nil else {
            self.fault = self.fault ?? "\(name) stands twice"
            return
        }
        guard value.count <= self.limits.headBytes else {
            self.isTooLarge = true
            return
        }
        self.pseudo[kind.rawValue] = TextSlice(ByteBuffer(bytes: value))
    }

    private static func kind(_ name: String) -> Pseudo? {
        switch name {
        case ":method": .method
        case ":scheme": .scheme
        case ":authority": .authority
        case ":path": .path
        case ":status": .status
        case ":protocol": .protocolName
        default: nil
        }
    }
}
