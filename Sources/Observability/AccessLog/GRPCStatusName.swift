// SPDX-License-Identifier: Apache-2.0

/// Envoy's names of gRPC status codes.
package enum GRPCStatusName {
    private static let names = [
        "OK", "Canceled", "Unknown", "InvalidArgument", "DeadlineExceeded", "NotFound", "AlreadyExists", "PermissionDenied",
        "ResourceExhausted", "FailedPrecondition", "Aborted", "OutOfRange", "Unimplemented", "Internal", "Unavailable", "DataLoss",
        "Unauthenticated",
    ]

    /// The number itself where there is no name.
    package static func name(_ code: Int) -> String { Self.names.indices.contains(code) ? Self.names[code] : String(code) }
}
