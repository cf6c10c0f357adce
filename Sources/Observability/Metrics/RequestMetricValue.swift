// SPDX-License-Identifier: Apache-2.0

/// The HTTP metrics of one series.
struct RequestMetricValue: Sendable {
    var requests: UInt64 = 0
    var duration = HistogramValue()
    var requestBytes = HistogramValue()
    var responseBytes = HistogramValue()

    mutating func record(milliseconds: Double, requestBytes: Double, responseBytes: Double) {
        self.requests &+= 1
        self.duration.record(milliseconds)
        self.requestBytes.record(requestBytes)
        self.responseBytes.record(responseBytes)
    }

    mutating func merge(_ other: RequestMetricValue) {
        self.requests &+= other.requests
        self.duration.merge(other.duration)
        self.requestBytes.merge(other.requestBytes)
        self.responseBytes.merge(other.responseBytes)
    }

    func merging(_ other: RequestMetricValue) -> RequestMetricValue {
        var merged = self
        merged.merge(other)
        return merged
    }
}
