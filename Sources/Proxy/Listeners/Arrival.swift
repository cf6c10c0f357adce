// SPDX-License-Identifier: Apache-2.0
import NIOCore
import Sockets

/// A connection that a socket has taken, from then until it has closed: for those who count.
final class Arrival {
    let channel: any Channel
    /// Once its chain is known.
    var connection: DownstreamConnection?
    /// While its first bytes are looked at.
    private var inspecting: ListenerStats?

    init(_ channel: any Channel) { self.channel = channel }

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
        self.connection = nil
    }

    private var isEndedByPeer: Bool { (self.channel as? SocketChannel)?.isEndedByPeer ?? false }
}
