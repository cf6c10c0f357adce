// SPDX-License-Identifier: Apache-2.0

/// What a request writes down about itself while it runs: metrics are made of it, and a log entry where there is a log. Small, and
/// nearly without references, because every request makes one and throws it away.
///
/// Times are nanoseconds, sizes bytes of bodies.
package struct RequestSummary: Sendable {
    /// Nanoseconds since 1970.
    package var startTime: Int64
    package var duration: Int64 = 0
    package var wireProtocol: WireProtocol
    package var isGRPC = false
    package var flags: ResponseFlags = []
    /// 0 when no response was sent.
    package var responseCode: Int = 0
    package var grpcStatus: Int?
    package var requestBytes: UInt64 = 0
    package var responseBytes: UInt64 = 0
    package var attempts: Int = 0
    /// Nanoseconds from the last byte sent to the first received; `x-envoy-upstream-service-time`.
    package var serviceTime: Int64?
    /// Envoy's, such as `via_upstream` or `route_not_found`.
    package var responseCodeDetails: String?
    package var transportFailureReason: String?

    package init(startTime: Int64, wireProtocol: WireProtocol) {
        self.startTime = startTime
        self.wireProtocol = wireProtocol
    }
}

extension AccessLogEntry {
    /// All at once: to replace what stands in a field costs more than to write it.
    package init(
        _ summary: RequestSummary, downstream: Downstream, cluster: String?, host: String?, upstreamLocalAddress: String?,
        upstreamProtocol: WireProtocol? = nil,
        routeName: String?, virtualHost: String?
    ) {
        self.startTime = summary.startTime
        self.wireProtocol = summary.wireProtocol
        self.duration = summary.duration
        self.isGRPC = summary.isGRPC
        self.flags = summary.flags
        self.responseCode = summary.responseCode
        self.grpcStatus = summary.grpcStatus
        self.requestBytes = summary.requestBytes
        self.responseBytes = summary.responseBytes
        self.attempts = summary.attempts
        self.responseCodeDetails = summary.responseCodeDetails
        self.downstream = downstream
        self.upstream = Upstream()
        self.upstream.cluster = cluster
        self.upstream.host = host
        self.upstream.localAddress = upstreamLocalAddress
        self.upstream.wireProtocol = upstreamProtocol
        self.upstream.serviceTime = summary.serviceTime
        self.upstream.transportFailureReason = summary.transportFailureReason
        self.routeName = routeName
        self.virtualHost = virtualHost
    }
}
