// SPDX-License-Identifier: Apache-2.0

extension AccessLogField {
    func value(_ entry: AccessLogEntry) -> AccessLogFieldValue {
        switch self {
        case .wireProtocol: entry.wireProtocol == .tcp ? .absent : .text(entry.wireProtocol.rawValue)
        case .responseCode: .number(Int64(entry.responseCode))
        case .responseCodeDetails: AccessLogFieldValue(entry.responseCodeDetails)
        case .connectionTerminationDetails: AccessLogFieldValue(entry.connectionTerminationDetails)
        case .responseFlags: .text(entry.flags.shortText)
        case .responseFlagsLong: .text(entry.flags.longText)
        case .bytesReceived: .number(Int64(clamping: entry.requestBytes))
        case .bytesSent: .number(Int64(clamping: entry.responseBytes))
        case .duration: .number(entry.duration / 1_000_000)
        case .requestHeadersBytes: .number(Int64(clamping: entry.requestHeaderBytes))
        case .responseHeadersBytes: .number(Int64(clamping: entry.responseHeaderBytes))
        case .attempts: .number(Int64(entry.attempts))
        case .grpcStatus: AccessLogFieldValue(entry.grpcStatus.map(GRPCStatusName.name))
        case .grpcStatusNumber: entry.grpcStatus.map { .number(Int64($0)) } ?? .absent
        case .routeName: AccessLogFieldValue(entry.routeName)
        case .virtualHost: AccessLogFieldValue(entry.virtualHost)
        case .requestedServerName: AccessLogFieldValue(entry.downstream.requestedServerName)
        case .connectionID: .number(Int64(clamping: entry.downstream.connectionID))
        default: self.sideValue(entry)
        }
    }

    private func sideValue(_ entry: AccessLogEntry) -> AccessLogFieldValue {
        let up = entry.upstream
        let down = entry.downstream
        return switch self {
        case .upstreamHost, .upstreamHostName, .upstreamRemoteAddress: AccessLogFieldValue(up.host)
        case .upstreamRemoteAddressWithoutPort: Self.host(up.host)
        case .upstreamRemotePort: Self.port(up.host)
        case .upstreamLocalAddress: AccessLogFieldValue(up.localAddress)
        case .upstreamLocalAddressWithoutPort: Self.host(up.localAddress)
        case .upstreamLocalPort: Self.port(up.localAddress)
        case .upstreamCluster, .upstreamClusterRaw: AccessLogFieldValue(up.cluster)
        case .upstreamTransportFailureReason: AccessLogFieldValue(up.transportFailureReason)
        case .upstreamProtocol: AccessLogFieldValue(up.wireProtocol?.rawValue)
        case .upstreamPeerURISAN: AccessLogFieldValue(up.peerURISAN)
        case .upstreamLocalURISAN: AccessLogFieldValue(up.localURISAN)
        case .downstreamLocalAddress: AccessLogFieldValue(down.localAddress)
        case .downstreamLocalAddressWithoutPort: Self.host(down.localAddress)
        case .downstreamLocalPort: Self.port(down.localAddress)
        case .downstreamRemoteAddress: AccessLogFieldValue(down.remoteAddress)
        case .downstreamRemoteAddressWithoutPort: Self.host(down.remoteAddress)
        case .downstreamRemotePort: Self.port(down.remoteAddress)
        case .downstreamDirectRemoteAddress: AccessLogFieldValue(down.directRemoteAddress)
        case .downstreamDirectRemoteAddressWithoutPort: Self.host(down.directRemoteAddress)
        case .downstreamDirectRemotePort: Self.port(down.directRemoteAddress)
        case .downstreamTLSVersion: AccessLogFieldValue(down.tlsVersion)
        case .downstreamTLSCipher: AccessLogFieldValue(down.tlsCipher)
        case .downstreamPeerURISAN: AccessLogFieldValue(down.peerURISAN)
        case .downstreamPeerSubject: AccessLogFieldValue(down.peerSubject)
        case .downstreamLocalURISAN: AccessLogFieldValue(down.localURISAN)
        default: .absent
        }
    }

    private static func host(_ address: String?) -> AccessLogFieldValue {
        guard let address, let colon = address.lastIndex(of: ":") else { return AccessLogFieldValue(address) }
        return AccessLogFieldValue(String(address[..<colon]))
    }

    private static func port(_ address: String?) -> AccessLogFieldValue {
        guard let address, let colon = address.lastIndex(of: ":"), let port = Int64(address[address.index(after: colon)...])
        else { return .absent }
        return .number(port)
    }
}
