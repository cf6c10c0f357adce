// SPDX-License-Identifier: Apache-2.0

/// Which side of a request reports it.
package enum MetricReporter: String, Sendable, Hashable {
    case source, destination
}
