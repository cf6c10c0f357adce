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

    package enum Filter: Sendable, Hashable {
        /// Only entries with one of these flags (`NR`, …).
        case responseFlags(Set<String>)
    }

    package var path: String
    package var format: Format
    package var filter: Filter?

    package init(path: String, format: Format, filter: Filter? = nil) {
        self.path = path
        self.format = format
        self.filter = filter
    }
}
