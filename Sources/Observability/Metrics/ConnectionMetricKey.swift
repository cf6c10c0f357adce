// SPDX-License-Identifier: Apache-2.0

/// What tells one series of TCP metrics from another.
struct ConnectionMetricKey: Hashable {
    var reporter: MetricReporter
    var source: InternedLabels
    var destination: InternedLabels
    var service: InternedLabels
    var isMutualTLS: Bool
    var flags: ResponseFlags
}
