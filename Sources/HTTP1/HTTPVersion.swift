// SPDX-License-Identifier: Apache-2.0

/// The protocol versions whose heads we carry. Heads of HTTP/2 use the same types.
package enum HTTPVersion: Sendable, Hashable {
    case http10
    case http11
    case http2

    package var isHTTP10: Bool { if case .http10 = self { true } else { false } }
    package var isHTTP2: Bool { if case .http2 = self { true } else { false } }

    /// As in access logs.
    package var name: String {
        switch self {
        case .http10: "HTTP/1.0"
        case .http11: "HTTP/1.1"
        case .http2: "HTTP/2"
        }
    }
}
