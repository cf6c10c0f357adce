// SPDX-License-Identifier: Apache-2.0

package import NIOCore

/// Whether a connection begins with HTTP, from its first line or the preface of HTTP/2.
package enum HTTPSniffer {
    package enum Finding: Sendable, Hashable {
        case needsMore
        case notHTTP
        case http10
        case http11
        case http2

        /// As filter chains ask for it in `application_protocols`.
        package var applicationProtocol: String? {
            switch self {
            case .needsMore, .notHTTP: nil
            case .http10: "http/1.0"
            case .http11: "http/1.1"
            case .http2: "h2c"
            }
        }
    }

    /// A request line that is longer is none.
    private static let maximumLength = 64 * 1024
    private static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

    /// Those that Envoy's parser knows: what begins with another word is taken for another protocol.
    private static let methods: [[UInt8]] = [
        "ACL", "BIND", "CHECKOUT", "CONNECT", "COPY", "DELETE", "GET", "HEAD", "LINK", "LOCK", "MERGE", "MKACTIVITY", "MKCALENDAR",
        "MKCOL", "MOVE", "MSEARCH", "NOTIFY", "OPTIONS", "PATCH", "POST", "PROPFIND", "PROPPATCH", "PURGE", "PUT", "REBIND",
        "REPORT", "SEARCH", "SOURCE", "SUBSCRIBE", "TRACE", "UNBIND", "UNLINK", "UNLOCK", "UNSUBSCRIBE",
    ].map { Array($0.utf8) + [0x20] }

    package static func inspect(_ buffer: ByteBuffer) -> Finding {
        let bytes = buffer.readableBytesView
        if bytes.prefix(Self.preface.count).elementsEqual(Self.preface.prefix(bytes.count)) {
            return bytes.count < Self.preface.count ? .needsMore : .http2
        }
        guard let method = Self.methods.first(where: { bytes.prefix($0.count).elementsEqual($0.prefix(bytes.count)) }) else {
            return .notHTTP
        }
        guard let end = bytes.prefix(Self.maximumLength).firstIndex(where: { $0 == 0x0D || $0 == 0x0A }) else {
            return bytes.count < Self.maximumLength ? .needsMore : .notHTTP
        }
        let line = bytes[..<end].dropFirst(method.count)
        guard let space = line.lastIndex(of: 0x20), space > line.startIndex else { return .notHTTP }
        let version = line[(space + 1)...]
        guard version.count == 8, version.starts(with: "HTTP/".utf8) else { return .notHTTP }
        let digits = Array(version.suffix(3))
        guard (48...57).contains(digits[0]), digits[1] == 0x2E, (48...57).contains(digits[2]) else { return .notHTTP }
        return digits == [0x31, 0x2E, 0x31] ? .http11 : .http10
    }
}
