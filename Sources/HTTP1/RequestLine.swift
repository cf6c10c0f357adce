// SPDX-License-Identifier: Apache-2.0
import NIOCore

/// What a request line says, and where its target lies: method, one space, target, one space, version (RFC 9112 3).
struct RequestLine {
    let method: HTTPMethod
    let target: Range<Int>
    /// Bytes of the target before its first `?`.
    let pathLength: Int
    /// A `#`, which no target may hold.
    let hasFragment: Bool
    let version: HTTPVersion
    /// Where the first field line begins.
    let end: Int

    init(_ head: ByteBuffer, limits: HTTP1Limits) throws(HTTP1Error) {
        let result = head.withUnsafeReadableBytes { bytes in Self.parse(bytes, limits: limits) }
        self = try result.get()
    }

    private init(method: HTTPMethod, target: Range<Int>, pathLength: Int, hasFragment: Bool, version: HTTPVersion, end: Int) {
        self.method = method
        self.target = target
        self.pathLength = pathLength
        self.hasFragment = hasFragment
        self.version = version
        self.end = end
    }

    private static func parse(_ bytes: UnsafeRawBufferPointer, limits: HTTP1Limits) -> Result<RequestLine, HTTP1Error> {
        let count = bytes.count
        var position = 0
        let method: HTTPMethod
        if let (common, length) = HTTPMethod.common(startOf: bytes) {
            method = common
            position = length
        } else {
            while position < count, ASCII.isToken(bytes[position]) { position += 1 }
            guard position > 0, position <= 32, position < count, bytes[position] == 0x20 else {
                return .failure(HTTP1Error(.invalidMethod))
            }
            // A lower-case method is a mistake that other servers may read as another method: refused (SEMANTICS 2.8).
            for index in 0..<position where bytes[index] &- 0x61 < 26 { return .failure(HTTP1Error(.invalidMethod)) }
            method = HTTPMethod(UnsafeRawBufferPointer(rebasing: bytes[0..<position]))
        }
        position += 1
        let targetStart = position
        // Visible characters.
        position = ByteSearch.first(in: bytes, from: position, ByteSearch.invisible, orOne: { $0 <= 0x20 || $0 >= 0x7F })
        let target = targetStart..<position
        guard !target.isEmpty else { return .failure(HTTP1Error(.invalidRequestLine)) }
        guard target.count <= limits.targetLength else { return .failure(HTTP1Error(.targetTooLong)) }
        guard position < count, bytes[position] == 0x20 else {
            // Without a version it is HTTP/0.9's.
            let isOld = bytes[targetStart] == 0x2F && Self.isLineEnd(bytes, at: position)
            return .failure(HTTP1Error(isOld ? .unsupportedVersion : .invalidTarget))
        }
        position += 1
        guard !Self.isLineEnd(bytes, at: position) else { return .failure(HTTP1Error(.unsupportedVersion)) }
        guard position + 10 <= count, bytes[position + 8] == 0x0D, bytes[position + 9] == 0x0A else {
            return .failure(HTTP1Error(.invalidRequestLine))
        }
        guard let version = HTTPVersion(UnsafeRawBufferPointer(rebasing: bytes[position..<(position + 8)])) else {
            return .failure(HTTP1Error(Self.isVersion(bytes, at: position) ? .unsupportedVersion : .invalidRequestLine))
        }
        let text = UnsafeRawBufferPointer(rebasing: bytes[target])
        return .success(
            RequestLine(
                method: method, target: target,
                pathLength: ByteSearch.first(in: text, from: 0, { ByteSearch.equal($0, 0x3F) }, orOne: { $0 == 0x3F }),
                hasFragment: ByteSearch.first(in: text, from: 0, { ByteSearch.equal($0, 0x23) }, orOne: { $0 == 0x23 })
                    < text.count,
                version: version, end: position + 10))
    }

    private static func isLineEnd(_ bytes: UnsafeRawBufferPointer, at position: Int) -> Bool {
        position + 1 < bytes.count && bytes[position] == 0x0D && bytes[position + 1] == 0x0A
    }

    private static func isVersion(_ bytes: UnsafeRawBufferPointer, at start: Int) -> Bool {
        bytes[start..<(start + 5)].elementsEqual("HTTP/".utf8) && bytes[start + 5] &- 0x30 < 10 && bytes[start + 6] == 0x2E
            && bytes[start + 7] &- 0x30 < 10
    }
}

extension HTTPVersion {
    /// From the eight bytes `HTTP/1.x`.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count == 8 else { return nil }
        switch UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)) {
        case 0x4854_5450_2F31_2E31: self = .http11
        case 0x4854_5450_2F31_2E30: self = .http10
        default: return nil
        }
    }
}
