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

    /// Which services and codes: what tells most series of one proxy apart. Cheap, and no secret.
    var place: UInt32 {
        var mixed = self.source.index &* 0x9E37_79B1 ^ self.destination.index &* 0x85EB_CA77 ^ self.service.index &* 0xC2B2_AE3D
        mixed ^= UInt32(self.responseCode) &* 0x27D4_EB2F ^ UInt32(self.grpcStatus) &* 0x1656_67B1 ^ self.flags.rawValue
        return mixed ^ mixed >> 15
    }
}
