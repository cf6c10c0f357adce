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
}
