// SPDX-License-Identifier: Apache-2.0
package import NIOCore

/// Turns bytes into request heads. Bytes may come in any pieces; everything doubtful is refused.
package struct RequestHeadParser: Sendable {
    private let limits: HTTP1Limits
    private var scanner = HeadScanner()
    private var emptyLines = 0

    package init(limits: HTTP1Limits = HTTP1Limits()) { self.limits = limits }

    /// Takes one head off the front of `buffer`; nil if it is not complete yet.
    package mutating func next(_ buffer: inout ByteBuffer) throws(HTTP1Error) -> RequestHead? {
        try self.skipEmptyLines(&buffer)
        guard buffer.readableBytes > 0 else { return nil }
        guard let length = try self.scanner.scan(buffer, limits: self.limits), let head = buffer.readSlice(length: length) else {
            return nil
        }
        self.emptyLines = 0
        return try Self.parse(head, limits: self.limits)
    }

    /// RFC 9112 2.2: an empty line or two before a request line is forgiven.
    private mutating func skipEmptyLines(_ buffer: inout ByteBuffer) throws(HTTP1Error) {
        while let first: UInt8 = buffer.getInteger(at: buffer.readerIndex), first == 0x0D || first == 0x0A {
            guard first == 0x0D else { throw HTTP1Error(.bareLineFeed) }
            guard let second: UInt8 = buffer.getInteger(at: buffer.readerIndex + 1) else { return }
            guard second == 0x0A else { throw HTTP1Error(.bareCarriageReturn) }
            self.emptyLines += 1
            guard self.emptyLines <= 2 else { throw HTTP1Error(.invalidRequestLine) }
            buffer.moveReaderIndex(forwardBy: 2)
            self.scanner = HeadScanner()
        }
    }

    private static func parse(_ head: ByteBuffer, limits: HTTP1Limits) throws(HTTP1Error) -> RequestHead {
        let line = try RequestLine(head, limits: limits)
        guard !line.version.isHTTP10 || limits.acceptsHTTP10 else { throw HTTP1Error(.unsupportedVersion) }
        let headers = try FieldLines.parse(head, from: line.end, limits: limits)
        let target = TextSlice(head).slice(line.target)
        guard !line.hasFragment else { throw HTTP1Error(.fragmentInTarget) }
        let host = try Self.host(headers, version: line.version)
        if !line.method.isConnect, target.withBytes({ $0.first == 0x2F }) {
            // Nearly all: nothing to take apart.
            return RequestHead(
                method: line.method, version: line.version, form: .origin,
                authority: host ?? .empty, pathAndQuery: target, pathLength: line.pathLength, headers: headers)
        }
        let parts = try RequestTargetParts(target, method: line.method)
        var request = RequestHead(
            method: line.method, version: line.version, form: parts.form,
            authority: parts.authority ?? host ?? .empty, pathAndQuery: parts.pathAndQuery, headers: headers)
        // RFC 9112 3.2.2: the authority of the target wins, and only one of the two is passed on.
        if let authority = parts.authority, host != authority { request.setAuthority(authority) }
        return request
    }

    private static func host(_ headers: HeaderBlock, version: HTTPVersion) throws(HTTP1Error) -> TextSlice? {
        let (field, isDoubled) = headers.single(.host)
        guard !isDoubled else { throw HTTP1Error(.duplicateHost) }
        guard let field else {
            guard version.isHTTP10 else { throw HTTP1Error(.missingHost) }
            return nil
        }
        let host = headers.value(of: field)
        guard RequestTargetParts.isAuthority(host) else { throw HTTP1Error(.invalidHost) }
        return host
    }
}
