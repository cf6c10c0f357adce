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

    /// As retries and answers know it.
    var reset: RequestFailure.Reset {
        switch self {
        case .connectFailed(let text): .connectionFailure(text)
        case .handshakeFailed(let text): .connectionFailure("TLS_error: \(text)")
        case .connectTimeout: .connectionTimeout
        case .closed: .connectionTermination
        case .protocolError: .protocolError
        case .overflow: .overflow
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
