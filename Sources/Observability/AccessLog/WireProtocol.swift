// SPDX-License-Identifier: Apache-2.0

/// What a stream was spoken in.
package enum WireProtocol: String, Sendable, Hashable {
    case http10 = "HTTP/1.0"
    case http11 = "HTTP/1.1"
    case http2 = "HTTP/2"
    case tcp = "TCP"

    /// As a text that costs nothing to write.
    var staticName: StaticString {
        switch self {
        case .http10: "HTTP/1.0"
        case .http11: "HTTP/1.1"
        case .http2: "HTTP/2"
        case .tcp: "TCP"
        }
    }
}
