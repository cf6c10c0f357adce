// SPDX-License-Identifier: Apache-2.0

/// Faults that are made on purpose, for tests of the callers.
package struct HTTPFaultInjection: Sendable, Hashable {
    package struct Delay: Sendable, Hashable {
        package var fixedDelay: Duration
        /// 0 … 100; nil: every request.
        package var percentage: Double?
    }

    package struct Abort: Sendable, Hashable {
        package enum Status: Sendable, Hashable {
            case http(Int)
            case grpc(String)
        }

        package var status: Status
        /// 0 … 100; nil: every request.
        package var percentage: Double?
    }

    package var delay: Delay?
    package var abort: Abort?

    package init(_ tree: ManifestValue) {
        delay = tree["delay"].flatMap { delay in
            delay.duration("fixedDelay").map { Delay(fixedDelay: $0, percentage: Self.percentage(delay)) }
        }
        abort = tree["abort"].flatMap { abort in
            let status: Abort.Status? =
                abort.int("httpStatus").map { .http($0) } ?? abort.string("grpcStatus").map { .grpc($0) }
            return status.map { Abort(status: $0, percentage: Self.percentage(abort)) }
        }
    }

    private static func percentage(_ tree: ManifestValue) -> Double? {
        tree["percentage"].map { $0.number("value") ?? 0 } ?? tree.number("percent")
    }
}
