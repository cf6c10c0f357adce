// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// Where the parts of a request line lie: method, one space, target, one space, version (RFC 9112 3).
struct RequestLine {
    let methodLength: Int
    let target: Range<Int>
    let version: HTTPVersion
    /// Where the first field line begins.
    let end: Int

    init(_ head: ByteBuffer, limits: HTTP1Limits) throws(HTTP1Error) {
        let result = head.withUnsafeReadableBytes { bytes in Self.parse(bytes, limits: limits) }
        self = try result.get()
    }

    private init(methodLength: Int, target: Range<Int>, version: HTTPVersion, end: Int) {
        self.methodLength = methodLength
        self.target = target
        self.version = version
        self.end = end
    }

    private static func parse(_ bytes: UnsafeRawBufferPointer, limits: HTTP1Limits) -> Result<RequestLine, HTTP1Error> {
        let count = bytes.count
        var position = 0
        while position < count, ASCII.isToken(bytes[position]) { position += 1 }
        let methodLength = position
        guard methodLength > 0, methodLength <= 32, position < count, bytes[position] == 0x20 else {
            return .failure(HTTP1Error(.invalidMethod))
        }
        // A lower-case method is a mistake that other servers may read as another method: refused (SEMANTICS 2.8).
        for index in 0..<methodLength where bytes[index] &- 0x61 < 26 { return .failure(HTTP1Error(.invalidMethod)) }
        position += 1
        let targetStart = position
        while position < count, bytes[position] > 0x20, bytes[position] < 0x7F { position += 1 }
        let target = targetStart..<position
        guard !target.isEmpty else { return .failure(HTTP1Error(.invalidRequestLine)) }
        guard target.count <= limits.targetLength else { return .failure(HTTP1Error(.targetTooLong)) }
        guard position < count, bytes[position] == 0x20 else {
            return .failure(HTTP1Error(position < count && bytes[position] == 0x0D ? .invalidRequestLine : .invalidTarget))
        }
        position += 1
        guard position + 10 <= count, bytes[position + 8] == 0x0D, bytes[position + 9] == 0x0A else {
            return .failure(HTTP1Error(.invalidRequestLine))
        }
        guard let version = HTTPVersion(UnsafeRawBufferPointer(rebasing: bytes[position..<(position + 8)])) else {
            return .failure(HTTP1Error(Self.isVersion(bytes, at: position) ? .unsupportedVersion : .invalidRequestLine))
        }
        return .success(RequestLine(methodLength: methodLength, target: target, version: version, end: position + 10))
    }

    private static func isVersion(_ bytes: UnsafeRawBufferPointer, at start: Int) -> Bool {
        bytes[start..<(start + 5)].elementsEqual("HTTP/".utf8)
    }
}

extension HTTPVersion {
    /// From the eight bytes `HTTP/1.x`.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count == 8, bytes[0..<7].elementsEqual("HTTP/1.".utf8) else { return nil }
        switch bytes[7] {
        case 0x31: self = .http11
        case 0x30: self = .http10
        default: return nil
        }
    }
}
