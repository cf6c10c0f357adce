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

    /// Two words instead of nine fields: this is looked up for every request.
    func hash(into hasher: inout Hasher) {
        let parties = UInt64(self.source.index) << 32 | UInt64(self.destination.index)
        let rest = UInt64(self.service.index) << 32 | UInt64(self.responseCode) << 16 | UInt64(self.grpcStatus) << 8
        let sides: UInt64 = (self.reporter == .source ? 1 : 0) | (self.isMutualTLS ? 2 : 0) | (self.isGRPC ? 4 : 0)
        hasher.combine(parties)
        hasher.combine(rest ^ sides ^ UInt64(self.flags.rawValue) << 24)
    }
}
