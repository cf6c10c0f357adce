// SPDX-License-Identifier: Apache-2.0

package import NIOCore

/// Whether a connection begins with HTTP, from its first line or the preface of HTTP/2. What Envoy's parser takes for a request line
/// is one here: spaces of any kind and number, a line without a version.
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
    /// RFC 9110 5.6.2.
    private static let token = Set(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    package static func inspect(_ buffer: ByteBuffer) -> Finding {
        let bytes = buffer.readableBytesView
        if bytes.prefix(Self.preface.count).elementsEqual(Self.preface.prefix(bytes.count)) {
            return bytes.count < Self.preface.count ? .needsMore : .http2
        }
        let method = bytes.prefix { Self.token.contains($0) }
        if let behind = bytes.dropFirst(method.count).first, method.isEmpty || behind > 0x20 { return .notHTTP }
        guard let end = bytes.prefix(Self.maximumLength).firstIndex(of: 0x0A) else {
            return bytes.count < Self.maximumLength ? .needsMore : .notHTTP
        }
        let words = bytes[..<end].split { $0 <= 0x20 }
        guard words.count == 2 || words.count == 3, Self.isTarget(words[1], ofConnect: method.elementsEqual("CONNECT".utf8)) else {
            return .notHTTP
        }
        return words.count == 2 ? .http10 : Self.version(Array(words[2]))
    }

    private static func version(_ word: [UInt8]) -> Finding {
        guard word.count == 8, word.starts(with: "HTTP/".utf8), (48...57).contains(word[5]), word[6] == 0x2E,
            (48...57).contains(word[7])
        else { return .notHTTP }
        return word[5] == 0x31 && word[7] == 0x31 ? .http11 : .http10
    }

    /// A path, `*`, or something with a scheme; for CONNECT also an authority.
    private static func isTarget(_ word: ByteBufferView, ofConnect: Bool) -> Bool {
        guard let first = word.first, word.allSatisfy({ $0 <= 0x7E }) else { return false }
        if first == UInt8(ascii: "/") || first == UInt8(ascii: "*") || ofConnect { return true }
        let scheme = word.prefix { $0 != UInt8(ascii: ":") }
        guard scheme.allSatisfy({ Self.token.contains($0) }), !(48...57).contains(first) else { return false }
        return word.dropFirst(scheme.count).starts(with: "://".utf8)
    }
}
