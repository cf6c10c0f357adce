// SPDX-License-Identifier: Apache-2.0
import NIOCore
import Observability

/// What a listener's own access log says of a connection when it has ended: also of one that no filter chain took. As Envoy, it says
/// bytes of both directions, and of TCP all that the TCP proxy's log says.
final class ConnectionRecord {
    private let logs: [CompiledAccessLog]
    private let worker: ProxyWorker
    private let started = NIODeadline.now()
    /// Better known once the listener's filters have looked.
    var ends: ConnectionEnds
    var serverName: String?
    var hasNoChain = false
    /// The client broke the protocol.
    var isBroken = false
    private var isWritten = false

    init(of channel: any Channel, _ logs: [CompiledAccessLog], worker: ProxyWorker) {
        self.logs = logs
        self.worker = worker
        self.ends = ConnectionEnds(local: channel.localAddress, remote: channel.remoteAddress)
    }

    /// A TCP proxy knows more of its connection.
    func write(_ entry: borrowing AccessLogEntry, isSecure: Bool) {
        self.isWritten = true
        self.worker.log(entry, to: self.logs, isSecure: isSecure)
    }

    /// - Parameter connection: nil where it never got a chain.
    func ended(_ connection: DownstreamConnection?) {
        guard !self.isWritten else { return }
        var entry = AccessLogEntry(
            startTime: self.worker.wallClock.nanoseconds(at: self.started), wireProtocol: Self.wireProtocol(connection))
        entry.duration = (NIODeadline.now() - self.started).nanoseconds
        if self.isBroken { entry.flags.insert(.downstreamProtocolError) }
        if self.hasNoChain {
            entry.flags.insert(.noRouteFound)
            entry.responseCodeDetails = "filter_chain_not_found"
        }
        if let connection {
            entry.requestBytes = UInt64(clamping: connection.bytes.received)
            entry.responseBytes = UInt64(clamping: connection.bytes.sent)
        }
        entry.downstream = connection?.description ?? self.description
        self.write(entry, isSecure: connection?.isTLS ?? false)
    }

    /// Known by its first request.
    private static func wireProtocol(_ connection: DownstreamConnection?) -> WireProtocol {
        guard let connection, connection.requests > 0 else { return .tcp }
        return switch connection.codec {
        case .http1: .http11
        case .http2: .http2
        case nil: .tcp
        }
    }

    private var description: AccessLogEntry.Downstream {
        AccessLogEntry.Downstream(
            localAddress: self.ends.local?.text ?? "", remoteAddress: self.ends.remote?.text ?? "",
            directRemoteAddress: self.ends.directRemote?.text ?? "", requestedServerName: self.serverName,
            connectionID: self.worker.makeConnectionID())
    }
}
