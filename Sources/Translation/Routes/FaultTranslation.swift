// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import MeshResources
import SwiftProtobuf

/// Delays and aborts that a route injects before its request goes anywhere.
enum FaultTranslation {
    static func filter(_ fault: HTTPFaultInjection) -> Wire.HTTPFault {
        .with {
            if let delay = fault.delay, delay.fixedDelay > .zero {
                $0.delay.fixedDelay = WireValues.duration(delay.fixedDelay)
                $0.delay.percentage = WireValues.fraction(percent: delay.percentage ?? 100)
            }
            if let abort = fault.abort {
                switch abort.status {
                case .http(let status): $0.abort.httpStatus = WireValues.uint32(status)
                case .grpc(let name): $0.abort.grpcStatus = grpcCode(name)
                }
                $0.abort.percentage = WireValues.fraction(percent: abort.percentage ?? 100)
            }
        }
    }

    private static let grpcNames = [
        "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED",
        "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE",
        "DATA_LOSS", "UNAUTHENTICATED",
    ]

    private static func grpcCode(_ name: String) -> UInt32 {
        UInt32(grpcNames.firstIndex(of: name.uppercased()) ?? 2)
    }
}
