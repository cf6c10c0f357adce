// SPDX-License-Identifier: Apache-2.0
import HTTP1
import NIOCore

/// A decoded header block before it is known what message it makes: all fields as lines in one piece of memory, pseudo-header
/// fields told apart.
///
/// A field that RFC 9113 8.2 forbids makes the whole message malformed; decoding goes on, because the tables of both ends must
/// stay the same.
struct FieldList {
    enum Pseudo { case method, scheme, authority, path, status, protocolName }

    private(set) var builder = HeaderBlock.Builder()
    /// Where the values stand.
    private var method, scheme, authority, path, status, protocolName: Range<Int>?
    /// What they take of the lines; it does not count against the limit of a head.
    private var pseudoBytes = 0
    private(set) var hasPseudo = false
    /// Why it is no message; the stream is reset.
    private(set) var fault: String?
    private(set) var isTooLarge = false
    private let limits: HTTP2Limits

    init(limits: HTTP2Limits) { self.limits = limits }

    /// Shares the lines' memory.
    subscript(_ name: Pseudo) -> TextSlice? {
        guard let place = self.place(of: name),
            let slice = self.builder.lines.getSlice(at: place.lowerBound, length: place.count)
        else { return nil }
        return TextSlice(slice)
    }

    func finish() -> HeaderBlock { self.builder.finish() }

    mutating func add(_ entry: FieldEntry) {
        let start = self.lineStart
        // One byte can name a field of kilobytes: what is beyond the limit is not even written.
        guard self.fieldBytes + entry.line.readableBytes <= self.limits.headBytes else {
            self.isTooLarge = true
            return
        }
        self.builder.lines.writeImmutableBuffer(entry.line)
        self.end(start: start, nameLength: entry.nameLength, known: entry.known, isValid: entry.isValid)
    }

    // MARK: For a decoder that writes a line itself

    var lineStart: Int { self.builder.lines.writerIndex }

    /// - Parameter body: Writes so many bytes, or nil where it cannot.
    mutating func writeLine(atMost count: Int, _ body: (UnsafeMutableRawBufferPointer) -> Int?) -> Bool {
        var isWritten = false
        self.builder.lines.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { space in
            guard let written = body(space) else { return 0 }
            isWritten = true
            return written
        }
        return isWritten
    }

    func copyOfLine(from start: Int) -> ByteBuffer? {
        self.builder.lines.viewBytes(at: start, length: self.lineStart - start).map { ByteBuffer(bytes: $0) }
    }

    /// The line from `start` on is a field.
    mutating func end(start: Int, nameLength: Int, known: KnownHeader, isValid: Bool) {
        if !isValid { self.fault = self.fault ?? "a field name or value holds what it must not" }
        if self.builder.lines.getInteger(at: start, as: UInt8.self) == 0x3A {
            if self.take(start: start, nameLength: nameLength) {
                self.pseudoBytes += self.lineStart - start
                return
            }
        } else if self.builder.count < self.limits.headerCount, self.fieldBytes <= self.limits.headBytes {
            self.builder.endField(start: start, nameLength: nameLength, known: known)
            return
        } else {
            self.isTooLarge = true
        }
        self.builder.lines.moveWriterIndex(to: start)
    }

    private var fieldBytes: Int { self.builder.lines.readableBytes - self.pseudoBytes }

    /// False where the field is not to be kept.
    private mutating func take(start: Int, nameLength: Int) -> Bool {
        self.hasPseudo = true
        let kind = self.builder.lines.withUnsafeReadableBytes { lines in
            Self.kind(UnsafeRawBufferPointer(rebasing: lines[start..<(start + nameLength)]))
        }
        guard let kind else {
            self.fault = self.fault ?? "an unknown pseudo-header field"
            return false
        }
        guard self.builder.count == 0, !self.isTooLarge else {
            self.fault = self.fault ?? ":\(kind) stands behind a regular field"
            return false
        }
        guard self.place(of: kind) == nil else {
            self.fault = self.fault ?? ":\(kind) stands twice"
            return false
        }
        let valueStart = start + nameLength + 2
        let length = self.lineStart - 2 - valueStart
        guard length <= self.limits.headBytes else {
            self.isTooLarge = true
            return false
        }
        self.setPlace(of: kind, valueStart..<(valueStart + length))
        return true
    }

    private func place(of name: Pseudo) -> Range<Int>? {
        switch name {
        case .method: self.method
        case .scheme: self.scheme
        case .authority: self.authority
        case .path: self.path
        case .status: self.status
        case .protocolName: self.protocolName
        }
    }

    private mutating func setPlace(of name: Pseudo, _ place: Range<Int>) {
        switch name {
        case .method: self.method = place
        case .scheme: self.scheme = place
        case .authority: self.authority = place
        case .path: self.path = place
        case .status: self.status = place
        case .protocolName: self.protocolName = place
        }
    }

    private static func kind(_ name: UnsafeRawBufferPointer) -> Pseudo? {
        switch name.count {
        case 5: Self.matches(name, ":path") ? .path : nil
        case 7:
            Self.matches(name, ":method")
                ? .method : Self.matches(name, ":scheme") ? .scheme : Self.matches(name, ":status") ? .status : nil
        case 9: Self.matches(name, ":protocol") ? .protocolName : nil
        case 10: Self.matches(name, ":authority") ? .authority : nil
        default: nil
        }
    }

    private static func matches(_ name: UnsafeRawBufferPointer, _ text: StaticString) -> Bool {
        TextSlice.isSame(name, UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
}
