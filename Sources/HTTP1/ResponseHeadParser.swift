// SPDX-License-Identifier: Apache-2.0
package import NIOCore

/// Turns an upstream's bytes into response heads.
package struct ResponseHeadParser: Sendable {
    private let limits: HTTP1Limits
    private var scanner = HeadScanner()

    package init(limits: HTTP1Limits = HTTP1Limits()) { self.limits = limits }

    /// Takes one head off the front of `buffer`; nil if it is not complete yet.
    package mutating func next(_ buffer: inout ByteBuffer) throws(HTTP1Error) -> ResponseHead? {
        guard buffer.readableBytes > 0 else { return nil }
        guard let length = try self.scanner.scan(buffer, limits: self.limits), let head = buffer.readSlice(length: length) else {
            return nil
        }
        return try Self.parse(head, limits: self.limits)
    }

    private static func parse(_ head: ByteBuffer, limits: HTTP1Limits) throws(HTTP1Error) -> ResponseHead {
        let parsed = head.withUnsafeReadableBytes { bytes in Self.statusLine(bytes) }
        guard let line = parsed else { throw HTTP1Error(.invalidStatusLine) }
        let headers = try FieldLines.parse(head, from: line.end, limits: limits)
        return ResponseHead(
            version: line.version, status: line.status, headers: headers)
    }

    private struct StatusLine {
        var version: HTTPVersion
        var status: UInt16
        var end: Int
    }

    /// `HTTP/1.x SP 3DIGIT [SP reason] CRLF` (RFC 9112 4).
    private static func statusLine(_ bytes: UnsafeRawBufferPointer) -> StatusLine? {
        guard bytes.count >= 14, let version = HTTPVersion(UnsafeRawBufferPointer(rebasing: bytes[0..<8])), bytes[8] == 0x20 else {
            return nil
        }
        var status: UInt16 = 0
        for digit in bytes[9..<12] {
            guard digit >= 0x30, digit <= 0x39 else { return nil }
            status = status &* 10 &+ UInt16(digit - 0x30)
        }
        guard status >= 100 else { return nil }
        var position = 12
        if bytes[12] == 0x20 { position = 13 }
        let reason = position
        position = ASCII.endOfFieldValue(bytes, from: position)
        guard position + 1 < bytes.count, bytes[position] == 0x0D, bytes[position + 1] == 0x0A else { return nil }
        guard reason == 13 || position == 12 else { return nil }
        return StatusLine(version: version, status: status, end: position + 2)
    }
}
