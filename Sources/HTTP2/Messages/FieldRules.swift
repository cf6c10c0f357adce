// SPDX-License-Identifier: Apache-2.0
import HTTP1

/// What HTTP/2 says about single fields of a message (RFC 9113 8.2).
enum FieldRules {
    /// Fields that only mean something on an HTTP/1 connection make a message malformed (8.2.2).
    static func check(_ headers: HeaderBlock) throws(RequestMessage.Malformed) {
        for known in Self.ofHTTP1 where headers.contains(known) {
            throw RequestMessage.Malformed(why: "\(known.name) in HTTP/2")
        }
        if let te = headers.first(.te), !te.equalsIgnoringCase("trailers") {
            throw RequestMessage.Malformed(why: "te is not trailers")
        }
    }

    private static let ofHTTP1: [KnownHeader] = [.connection, .keepAlive, .proxyConnection, .transferEncoding, .upgrade]

    /// The declared length of a body; nil: none is declared.
    static func contentLength(_ headers: HeaderBlock) throws(RequestMessage.Malformed) -> Int? {
        guard let text = headers.first(.contentLength) else { return nil }
        guard headers.count(of: HeaderName(.contentLength)) == 1, text.count <= 18, let length = text.decimal else {
            throw RequestMessage.Malformed(why: "content-length is doubled or no length")
        }
        return length
    }

    /// HTTP/1 and all our rules look at `host`.
    static func setHost(_ headers: inout HeaderBlock, _ authority: TextSlice) {
        guard !authority.isEmpty, headers.first(.host) != authority else { return }
        headers.set(.host, authority)
    }

    /// Cookies may come in crumbs and are one field everywhere else (8.2.3).
    static func joinCookies(_ headers: inout HeaderBlock) {
        guard headers.contains(.cookie) else { return }
        let crumbs = headers.values(HeaderName(.cookie))
        guard crumbs.count > 1 else { return }
        headers.set(.cookie, crumbs.map(\.string).joined(separator: "; "))
    }
}
