// SPDX-License-Identifier: Apache-2.0

/// What an endpoint's try tells outlier detection.
package enum OutlierResult: Sendable, Hashable {
    /// An answer of the upstream; a gRPC status counts as the HTTP status it stands for.
    case response(status: UInt16, grpcStatus: UInt32?)
    /// Connected, and nothing more to tell: TCP.
    case connected
    case connectFailed
    /// The upstream ended the exchange before its answer was whole.
    case reset
    case timeout

    package var isSuccess: Bool {
        switch self {
        case .response(let status, let grpcStatus): !Self.isServerError(grpcStatus.map(GRPCStatus.httpStatus) ?? status)
        case .connected: true
        case .connectFailed, .reset, .timeout: false
        }
    }

    /// Whether it says something about the way to the endpoint, and nothing about what it answers.
    package var isLocalOrigin: Bool {
        if case .response = self { false } else { true }
    }

    static func isServerError(_ status: UInt16) -> Bool { (500...599).contains(status) }
}
