// SPDX-License-Identifier: Apache-2.0

/// What is known about a request, or a TCP connection, when it has ended. Access log, metrics and spans are made of it.
/// Times are nanoseconds, sizes bytes of bodies.
package struct AccessLogEntry: Sendable {
    /// Nanoseconds since 1970.
    package var startTime: Int64
    package var duration: Int64 = 0
    package var wireProtocol: WireProtocol
    /// 0 when no response was sent.
    package var responseCode: Int = 0
    /// Envoy's, such as `via_upstream` or `route_not_found`.
    package var responseCodeDetails: String?
    package var flags: ResponseFlags = []
    package var connectionTerminationDetails: String?
    package var grpcStatus: Int?
    package var isGRPC = false

    package var requestBytes: UInt64 = 0
    package var responseBytes: UInt64 = 0
    /// Heads as they stood on the wire; 0 when not counted.
    package var requestHeaderBytes: UInt64 = 0
    package var responseHeaderBytes: UInt64 = 0
    package var attempts: Int = 0

    package var upstream = Upstream()
    package var downstream = Downstream()
    package var routeName: String?
    package var virtualHost: String?

    package init(startTime: Int64, wireProtocol: WireProtocol) {
        self.startTime = startTime
        self.wireProtocol = wireProtocol
    }

    /// The upstream side; everything is absent when no host was chosen.
    package struct Upstream: Sendable {
        package var cluster: String?
        /// `address:port`.
        package var host: String?
        package var localAddress: String?
        package var transportFailureReason: String?
        package var wireProtocol: WireProtocol?
        /// Identity the upstream proved, `spiffe://…`.
        package var peerURISAN: String?
        package var localURISAN: String?
        /// Nanoseconds from the last byte sent to the first received; `x-envoy-upstream-service-time`.
        package var serviceTime: Int64?

        package init() {}
    }

    /// The downstream side; addresses are `address:port`.
    package struct Downstream: Sendable {
        package var localAddress: String?
        /// After `x-forwarded-for`, if it is trusted.
        package var remoteAddress: String?
        package var directRemoteAddress: String?
        package var requestedServerName: String?
        package var tlsVersion: String?
        package var tlsCipher: String?
        /// Identity the client proved, `spiffe://…`.
        package var peerURISAN: String?
        package var peerSubject: String?
        package var localURISAN: String?
        package var connectionID: UInt64 = 0

        package init() {}
    }
}
