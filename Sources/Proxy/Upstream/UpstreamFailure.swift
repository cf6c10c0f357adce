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
    /// The upstream reset the stream with this code of HTTP/2.
    case reset(responseStarted: Bool, code: UInt32)
    /// The upstream says that it has not looked at the request: another attempt repeats nothing (RFC 9113 8.7).
    case refusedStream
    case overflow

    /// As retries and answers know it.
    var reset: RequestFailure.Reset {
        switch self {
        // Why is no business of the client's.
        case .connectFailed: .connectionFailure("")
        case .handshakeFailed(let text): .connectionFailure("TLS_error: \(text)")
        case .connectTimeout: .connectionTimeout
        case .closed: .connectionTermination
        case .protocolError: .protocolError
        case .reset: .remoteReset
        case .refusedStream: .remoteRefusedStream
        case .overflow: .overflow
        }
    }

    /// For access logs: what the transport said, if it said something.
    var transportText: String? {
        guard case .connectFailed(let text) = self, !text.isEmpty else { return self.reset.transportFailure }
        return text
    }

    /// nil where the endpoint has no part in it.
    var outlierResult: OutlierResult? {
        switch self {
        case .connectFailed, .handshakeFailed: .connectFailed
        case .connectTimeout: .timeout
        case .closed, .protocolError, .reset, .refusedStream: .reset
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
        case .reset: "remote reset"
        case .refusedStream: "remote refused stream reset"
        case .overflow: "overflow"
        }
    }
}
