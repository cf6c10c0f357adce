// SPDX-License-Identifier: Apache-2.0
import NIOCore
import Sockets

/// A connection that a socket has taken, from then until it has closed: for those who count.
final class Arrival {
    let channel: any Channel
    /// Once its chain is known.
    var connection: DownstreamConnection?
    /// Where its listener logs connections.
    private(set) var record: ConnectionRecord?
    /// While its first bytes are looked at.
    private var inspecting: ListenerStats?

    init(_ channel: any Channel) { self.channel = channel }

    /// - Parameter listener: The one that took it, or the one that it was handed over to.
    func taken(by listener: CompiledListener, worker: ProxyWorker) {
        self.record = listener.accessLogs.isEmpty ? nil : ConnectionRecord(of: self.channel, listener.accessLogs, worker: worker)
    }

    func inspectionBegins(_ stats: ListenerStats) {
        self.inspectionEnds()
        stats.inspected &+= 1
        self.inspecting = stats
    }

    func inspectionEnds() {
        self.inspecting?.inspectionsEnded &+= 1
        self.inspecting = nil
    }

    func ended() {
        if let stats = self.inspecting, self.isEndedByPeer { stats.inspectionsCut &+= 1 }
        self.inspectionEnds()
        self.connection?.ended(byClient: self.isEndedByPeer)
        self.record?.ended(self.connection)
        self.record = nil
        self.connection = nil
    }

    private var isEndedByPeer: Bool { (self.channel as? SocketChannel)?.isEndedByPeer ?? false }
}
