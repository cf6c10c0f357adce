// SPDX-License-Identifier: Apache-2.0

extension AccessLogField {
    /// Whether its value is a number, which JSON keeps as one.
    var isNumber: Bool {
        switch self {
        case .responseCode, .bytesReceived, .bytesSent, .duration, .requestHeadersBytes, .responseHeadersBytes, .attempts,
            .grpcStatusNumber, .connectionID, .upstreamRemotePort, .upstreamLocalPort, .downstreamLocalPort, .downstreamRemotePort,
            .downstreamDirectRemotePort:
            true
        default: false
        }
    }

    /// False if there is nothing to write.
    func write(_ entry: borrowing AccessLogEntry, to line: inout LogLine) -> Bool {
        switch self {
        case .wireProtocol:
            guard entry.wireProtocol != .tcp else { return false }
            line.append(entry.wireProtocol.staticName)
            return true
        case .responseCode: return Self.number(Int64(entry.responseCode), &line)
        case .responseCodeDetails: return Self.text(entry.responseCodeDetails, &line)
        case .connectionTerminationDetails: return Self.text(entry.connectionTerminationDetails, &line)
        case .responseFlags: return Self.flags(entry.flags, isLong: false, &line)
        case .responseFlagsLong: return Self.flags(entry.flags, isLong: true, &line)
        case .bytesReceived: return Self.number(Int64(clamping: entry.requestBytes), &line)
        case .bytesSent: return Self.number(Int64(clamping: entry.responseBytes), &line)
        case .duration: return Self.number(entry.duration / 1_000_000, &line)
        case .requestHeadersBytes: return Self.number(Int64(clamping: entry.requestHeaderBytes), &line)
        case .responseHeadersBytes: return Self.number(Int64(clamping: entry.responseHeaderBytes), &line)
        case .attempts: return Self.number(Int64(entry.attempts), &line)
        case .grpcStatus: return Self.text(entry.grpcStatus.map(GRPCStatusName.name), &line)
        case .grpcStatusNumber: return entry.grpcStatus.map { Self.number(Int64($0), &line) } ?? false
        case .routeName: return Self.text(entry.routeName, &line)
        case .virtualHost: return Self.text(entry.virtualHost, &line)
        case .requestedServerName: return Self.text(entry.downstream.requestedServerName, &line)
        case .connectionID: return Self.number(Int64(clamping: entry.downstream.connectionID), &line)
        default: return self.writeSide(entry, to: &line)
        }
    }

    private func writeSide(_ entry: borrowing AccessLogEntry, to line: inout LogLine) -> Bool {
        switch self {
        case .upstreamHost, .upstreamHostName, .upstreamRemoteAddress: Self.text(entry.upstream.host, &line)
        case .upstreamRemoteAddressWithoutPort: Self.host(entry.upstream.host, &line)
        case .upstreamRemotePort: Self.port(entry.upstream.host, &line)
        case .upstreamLocalAddress: Self.text(entry.upstream.localAddress, &line)
        case .upstreamLocalAddressWithoutPort: Self.host(entry.upstream.localAddress, &line)
        case .upstreamLocalPort: Self.port(entry.upstream.localAddress, &line)
        case .upstreamCluster, .upstreamClusterRaw: Self.text(entry.upstream.cluster, &line)
        case .upstreamTransportFailureReason: Self.text(entry.upstream.transportFailureReason?.replacing(" ", with: "_"), &line)
        case .upstreamProtocol: Self.text(entry.upstream.wireProtocol?.rawValue, &line)
        case .upstreamPeerURISAN: Self.text(entry.upstream.peerURISAN, &line)
        case .upstreamLocalURISAN: Self.text(entry.upstream.localURISAN, &line)
        case .downstreamLocalAddress: Self.text(entry.downstream.localAddress, &line)
        case .downstreamLocalAddressWithoutPort: Self.host(entry.downstream.localAddress, &line)
        case .downstreamLocalPort: Self.port(entry.downstream.localAddress, &line)
        case .downstreamRemoteAddress: Self.text(entry.downstream.remoteAddress, &line)
        case .downstreamRemoteAddressWithoutPort: Self.host(entry.downstream.remoteAddress, &line)
        case .downstreamRemotePort: Self.port(entry.downstream.remoteAddress, &line)
        case .downstreamDirectRemoteAddress: Self.text(entry.downstream.directRemoteAddress, &line)
        case .downstreamDirectRemoteAddressWithoutPort: Self.host(entry.downstream.directRemoteAddress, &line)
        case .downstreamDirectRemotePort: Self.port(entry.downstream.directRemoteAddress, &line)
        case .downstreamTLSVersion: Self.text(entry.downstream.tlsVersion, &line)
        case .downstreamTLSCipher: Self.text(entry.downstream.tlsCipher, &line)
        case .downstreamPeerURISAN: Self.text(entry.downstream.peerURISAN, &line)
        case .downstreamPeerSubject: Self.text(entry.downstream.peerSubject, &line)
        case .downstreamLocalURISAN: Self.text(entry.downstream.localURISAN, &line)
        default: false
        }
    }

    private static func text(_ text: String?, _ line: inout LogLine) -> Bool {
        guard let text, !text.isEmpty else { return false }
        line.append(text: text)
        return true
    }

    private static func flags(_ flags: ResponseFlags, isLong: Bool, _ line: inout LogLine) -> Bool {
        // Nearly all: also in JSON a dash.
        if flags.isEmpty {
            line.append(byte: UInt8(ascii: "-"))
        } else {
            line.append(text: isLong ? flags.longText : flags.shortText)
        }
        return true
    }

    private static func number(_ number: Int64, _ line: inout LogLine) -> Bool {
        line.append(number)
        return true
    }

    private static func host(_ address: String?, _ line: inout LogLine) -> Bool {
        guard let address, let colon = address.lastIndex(of: ":") else { return Self.text(address, &line) }
        return Self.text(String(address[..<colon]), &line)
    }

    private static func port(_ address: String?, _ line: inout LogLine) -> Bool {
        guard let address, let colon = address.lastIndex(of: ":"), let port = Int64(address[address.index(after: colon)...])
        else { return false }
        return Self.number(port, &line)
    }
}
