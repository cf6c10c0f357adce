// SPDX-License-Identifier: Apache-2.0

/// gRPC status codes beside HTTP's, as Envoy maps them.
package enum GRPCStatus {
    package static let cancelled: UInt32 = 1
    package static let deadlineExceeded: UInt32 = 4
    package static let resourceExhausted: UInt32 = 8
    package static let `internal`: UInt32 = 13
    package static let unavailable: UInt32 = 14

    /// The code that an HTTP error is to a gRPC caller.
    package static func code(forHTTP status: UInt16) -> UInt32 {
        switch status {
        case 400: self.internal
        case 401: 16
        case 403: 7
        case 404: 12
        case 429, 502, 503, 504: self.unavailable
        default: 2
        }
    }

    /// The HTTP status that a gRPC code counts as in outlier detection.
    package static func httpStatus(for code: UInt32) -> UInt16 {
        switch code {
        case 0: 200
        case 1: 499
        case 3, 9, 11: 400
        case 4: 504
        case 5: 404
        case 6, 10: 409
        case 7: 403
        case 8: 429
        case 12: 501
        case 14: 503
        case 16: 401
        default: 500
        }
    }
}
