// SPDX-License-Identifier: Apache-2.0
import ProxyCore

/// Why an attempt got no complete response. A value: the request decides what becomes of it.
enum UpstreamFailure: Sendable, Hashable {
    case connectFailed(String)
    case connectTimeout
    case handshakeFailed(String)
    /// The upstream closed or reset. `reused`: on a connection that had served before, so it may just have been stale.
    case closed(responseStarted: Bool, reused: Bool)
    case protocolError(String)
    case overflow

    /// Whether the upstream cannot have seen any of the request.
    var isBeforeRequest: Bool {
        switch self {
        case .connectFailed, .connectTimeout, .handshakeFailed, .overflow: true
        case .closed, .protocolError: false
        }
    }

    /// nil where the endpoint has no part in it.
    var outlierResult: OutlierResult? {
        switch self {
        case .connectFailed, .handshakeFailed: .connectFailed
        case .connectTimeout: .timeout
        case .closed, .protocolError: .reset
        case .overflow: nil
        }
    }

    var reason: String {
        switch self {
        case .connectFailed(let text): "connection failure: \(text)"
        case .connectTimeout: "connection timeout"
        case .handshakeFailed(let text): "TLS_error: \(text)"
        case .closed: "connection termination"
        case .protocolError: "protocol error"
        case .overflow: "overflow"
        }
    }
}
