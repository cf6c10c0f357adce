// SPDX-License-Identifier: Apache-2.0

/// What tells one series of HTTP metrics from another: small numbers, no text.
struct RequestMetricKey: Hashable {
    var reporter: MetricReporter
    var source: InternedLabels
    var destination: InternedLabels
    var service: InternedLabels
    var isMutualTLS: Bool
    var isGRPC: Bool
    var responseCode: UInt16
    /// 255 for none.
    var grpcStatus: UInt8
    var flags: ResponseFlags
}
