// SPDX-License-Identifier: Apache-2.0

/// The HTTP metrics of one series.
struct RequestMetricValue: Sendable {
    var requests: UInt64 = 0
    var duration = HistogramValue()
    var requestBytes = HistogramValue()
    var responseBytes = HistogramValue()

    mutating func merge(_ other: RequestMetricValue) {
        self.requests &+= other.requests
        self.duration.merge(other.duration)
        self.requestBytes.merge(other.requestBytes)
        self.responseBytes.merge(other.responseBytes)
    }
}
