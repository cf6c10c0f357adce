// SPDX-License-Identifier: Apache-2.0

/// A log of requests or connections.
package struct AccessLogConfiguration: Sendable, Hashable {
    /// Format operators as Envoy writes them; compiled by `Observability`.
    package indirect enum JSONFormat: Sendable, Hashable {
        case text(String)
        case object([String: JSONFormat])
    }

    package enum Format: Sendable, Hashable {
        case text(String)
        case json([String: JSONFormat])
        /// Envoy's own.
        case standard
    }

    /// Which entries are written.
    package indirect enum Filter: Sendable, Hashable {
        /// Those with one of these flags (`NR`, …); with any flag if none is named.
        case responseFlags(Set<String>)
        /// 0 where there is no response.
        case status(Comparison)
        /// Of the whole request, in milliseconds.
        case duration(Comparison)
        /// gRPC status, or what the HTTP status is to a gRPC caller.
        case grpcStatus(Set<Int>, excludes: Bool)
        case header(HeaderMatch)
        case share(Fraction)
        case all([Filter])
        case oneOf([Filter])
    }

    package struct Comparison: Sendable, Hashable {
        package enum Operator: Sendable, Hashable { case equal, atLeast, atMost, notEqual }

        package var isTrue: Operator
        package var value: UInt32

        package init(_ isTrue: Operator, _ value: UInt32) {
            self.isTrue = isTrue
            self.value = value
        }

        package func holds(_ number: Int64) -> Bool {
            switch self.isTrue {
            case .equal: number == Int64(self.value)
            case .atLeast: number >= Int64(self.value)
            case .atMost: number <= Int64(self.value)
            case .notEqual: number != Int64(self.value)
            }
        }
    }

    package var path: String
    package var format: Format
    package var filter: Filter?
    /// Values that are not there are left out, instead of `-` and `null`.
    package var omitsEmpty = false

    package init(path: String, format: Format, filter: Filter? = nil) {
        self.path = path
        self.format = format
        self.filter = filter
    }
}
