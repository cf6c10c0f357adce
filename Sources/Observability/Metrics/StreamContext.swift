// SPDX-License-Identifier: Apache-2.0

/// The parties of a stream, for metrics. The two peers and the service come from `TelemetryShard.peer` and `.service`, made
/// once per connection, cluster or endpoint, so that a request costs no text.
package struct StreamContext {
    package var reporter: MetricReporter
    package var source: InternedLabels
    package var destination: InternedLabels
    package var service: InternedLabels
    /// Whether the connection that the reporter received was mutual TLS; the source does not say.
    package var isMutualTLS: Bool

    package init(
        reporter: MetricReporter, source: InternedLabels, destination: InternedLabels, service: InternedLabels, isMutualTLS: Bool
    ) {
        self.reporter = reporter
        self.source = source
        self.destination = destination
        self.service = service
        self.isMutualTLS = isMutualTLS
    }
}
