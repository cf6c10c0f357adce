// SPDX-License-Identifier: Apache-2.0

/// Faults made on purpose.
package struct FaultPolicy: Sendable, Hashable {
    package struct Delay: Sendable, Hashable {
        package var duration: Duration
        package var fraction: Fraction

        package init(duration: Duration, fraction: Fraction) {
            self.duration = duration
            self.fraction = fraction
        }
    }

    package struct Abort: Sendable, Hashable {
        package enum Status: Sendable, Hashable {
            case http(UInt16)
            case grpc(UInt32)
        }

        package var status: Status
        package var fraction: Fraction

        package init(status: Status, fraction: Fraction) {
            self.status = status
            self.fraction = fraction
        }
    }

    package var delay: Delay?
    package var abort: Abort?
    /// The request must match all of them.
    package var headers: [HeaderMatch]

    package init(delay: Delay? = nil, abort: Abort? = nil, headers: [HeaderMatch] = []) {
        self.delay = delay
        self.abort = abort
        self.headers = headers
    }
}
