// SPDX-License-Identifier: Apache-2.0

/// What is known about a request, or a TCP connection, when it has ended. Access log, metrics and spans are made of it.
/// Times are nanoseconds, sizes bytes of bodies. Not copyable, because that would cost as much as writing the line.
package struct AccessLogEntry: ~Copyable, Sendable {
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

    // Without values to begin with: to replace them costs more than to set them.
    package var upstream: Upstream
    package var downstream: Downstream
    package var routeName: String?
    package var virtualHost: String?

    package init(startTime: Int64, wireProtocol: WireProtocol) {
        self.startTime = startTime
        self.wireProtocol = wireProtocol
        self.upstream = Upstream()
        self.downstream = .unknown
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

    /// The downstream side; addresses are `address:port`. A class: one for all requests of a connection.
    package final class Downstream: Sendable {
        package let localAddress: String?
        /// After `x-forwarded-for`, if it is trusted.
        package let remoteAddress: String?
        package let directRemoteAddress: String?
        package let requestedServerName: String?
        package let tlsVersion: String?
        package let tlsCipher: String?
        /// Identity the client proved, `spiffe://…`.
        package let peerURISAN: String?
        package let peerSubject: String?
        package let localURISAN: String?
        package let connectionID: UInt64

        package static let unknown = Downstream()

        package init(
            localAddress: String? = nil, remoteAddress: String? = nil, directRemoteAddress: String? = nil,
            requestedServerName: String? = nil, tlsVersion: String? = nil, tlsCipher: String? = nil, peerURISAN: String? = nil,
            peerSubject: String? = nil, localURISAN: String? = nil, connectionID: UInt64 = 0
        ) {
            self.localAddress = localAddress
            self.remoteAddress = remoteAddress
            self.directRemoteAddress = directRemoteAddress
            self.requestedServerName = requestedServerName
            self.tlsVersion = tlsVersion
            self.tlsCipher = tlsCipher
            self.peerURISAN = peerURISAN
            self.peerSubject = peerSubject
            self.localURISAN = localURISAN
            self.connectionID = connectionID
        }

        /// The same connection, on behalf of a client that trusted proxies name.
        package func forwarded(for remoteAddress: String) -> Downstream {
            Downstream(
                localAddress: self.localAddress, remoteAddress: remoteAddress, directRemoteAddress: self.directRemoteAddress,
                requestedServerName: self.requestedServerName, tlsVersion: self.tlsVersion, tlsCipher: self.tlsCipher,
                peerURISAN: self.peerURISAN, peerSubject: self.peerSubject, localURISAN: self.localURISAN,
                connectionID: self.connectionID)
        }
    }
}
