// SPDX-License-Identifier: Apache-2.0
import Observability

/// An answer that the proxy gives itself.
struct LocalReply: Sendable {
    var status: UInt16
    var body: [UInt8]
    var flag: ResponseFlag?
    var details: String
    var location: String?
    var grpcStatus: UInt32?

    init(
        _ status: UInt16, _ body: String = "", flag: ResponseFlag? = nil, details: String, location: String? = nil,
        grpcStatus: UInt32? = nil
    ) {
        self.init(status, bytes: Array(body.utf8), flag: flag, details: details, location: location, grpcStatus: grpcStatus)
    }

    init(
        _ status: UInt16, bytes: [UInt8], flag: ResponseFlag? = nil, details: String, location: String? = nil,
        grpcStatus: UInt32? = nil
    ) {
        self.status = status
        self.body = bytes
        self.flag = flag
        self.details = details
        self.location = location
        self.grpcStatus = grpcStatus
    }

    /// gRPC clients read a status of their own (gRPC's "HTTP to gRPC status code mapping").
    static func grpcStatus(for status: UInt16) -> UInt32 {
        switch status {
        case 400: 13
        case 401: 16
        case 403: 7
        case 404: 12
        case 429, 502, 503, 504: 14
        default: 2
        }
    }
}

extension LocalReply {
    /// The answer to a request whose last attempt failed so.
    init(_ failure: UpstreamFailure) {
        let text = "upstream connect error or disconnect/reset before headers. reset reason: \(failure.reason)"
        switch failure {
        case .connectFailed, .connectTimeout, .handshakeFailed:
            self.init(
                503, text, flag: .upstreamConnectionFailure, details: "upstream_reset_before_response_started{\(failure.reason)}")
        case .closed:
            self.init(
                503, text, flag: .upstreamConnectionTermination,
                details: "upstream_reset_before_response_started{connection_termination}")
        case .protocolError:
            self.init(502, text, flag: .upstreamProtocolError, details: "upstream_reset_before_response_started{protocol_error}")
        case .overflow:
            self.init(503, text, flag: .upstreamOverflow, details: "upstream_reset_before_response_started{overflow}")
        }
    }
}
