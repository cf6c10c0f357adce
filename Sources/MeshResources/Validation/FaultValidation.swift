// SPDX-License-Identifier: Apache-2.0

enum FaultValidation {
    static func check(_ fault: ManifestValue, at path: FieldPath, _ findings: inout Findings) {
        if fault["delay"] == nil, fault["abort"] == nil { findings.error(path, "needs `delay` or `abort`", code: .required) }
        if let delay = fault["delay"] { check(delay: delay, at: path.field("delay"), &findings) }
        if let abort = fault["abort"] { check(abort: abort, at: path.field("abort"), &findings) }
    }

    private static func check(delay: ManifestValue, at path: FieldPath, _ findings: inout Findings) {
        percentage(delay, at: path, &findings)
        if delay["exponentialDelay"] != nil { findings.error(path.field("exponentialDelay"), "is not supported; use `fixedDelay`") }
        let fixed = delay.duration("fixedDelay")
        if fixed == nil { findings.warning(path, "has no effect without `fixedDelay`") }
        DurationValidation.check(fixed, at: path.field("fixedDelay"), &findings)
    }

    private static func check(abort: ManifestValue, at path: FieldPath, _ findings: inout Findings) {
        percentage(abort, at: path, &findings)
        switch (abort.int("httpStatus"), abort.string("grpcStatus"), abort["http2Error"]) {
        case (_, _, .some): findings.error(path.field("http2Error"), "is not supported; use `httpStatus` or `grpcStatus`")
        case (let status?, nil, nil):
            if !(200...599).contains(status) { findings.error(path.field("httpStatus"), "\(status) is not a status (200 … 599)") }
        case (nil, let status?, nil):
            if GRPCStatusName.code(status) == nil {
                findings.error(path.field("grpcStatus"), "`\(status.prefix(60))` is not a gRPC status")
            }
        case (.some, .some, nil): findings.error(path, "either `httpStatus` or `grpcStatus`, not both", code: .conflict)
        case (nil, nil, nil): findings.warning(path, "has no effect without `httpStatus` or `grpcStatus`")
        }
    }

    private static func percentage(_ tree: ManifestValue, at path: FieldPath, _ findings: inout Findings) {
        if let value = tree["percentage"]?.number("value"), !(0...100).contains(value) {
            findings.error(path.field("percentage.value"), "\(value) is not a percentage (0 … 100)")
        }
        if let value = tree.number("percent"), !(0...100).contains(value) {
            findings.error(path.field("percent"), "\(value) is not a percentage (0 … 100)")
        }
    }
}

/// gRPC status codes by their names (grpc/statuscodes).
package enum GRPCStatusName {
    private static let names = [
        "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED",
        "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE",
        "DATA_LOSS",
        "UNAUTHENTICATED",
    ]

    package static func code(_ name: String) -> Int? { names.firstIndex(of: name) }
}
