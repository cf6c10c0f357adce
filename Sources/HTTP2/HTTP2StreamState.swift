// SPDX-License-Identifier: Apache-2.0
import HTTP1
import NIOCore

/// One stream of a connection, from the frame that opens it until both sides have ended it (RFC 9113 5.1).
final class HTTP2StreamState {
    /// How the message of ours ends after what is pending.
    enum LocalEnd {
        case open
        /// END_STREAM on the last DATA frame.
        case atData
        case atTrailers(HeaderBlock)
        case sent
    }

    let id: UInt32
    /// How much the peer lets us send; a change of its settings can make it negative (RFC 9113 6.9.2).
    var sendWindow: Int
    /// How much the peer may send us.
    var receiveWindow: Int
    /// Consumed, and not yet told to the peer.
    var credit = 0
    var pending = PendingData()
    var localEnd = LocalEnd.open
    var isRemoteClosed = false
    /// When our message has ended, the peer need not go on with its own.
    var stopsPeer = false
    /// A head of ours has been sent.
    var hasLocalHead = false
    /// The head of the peer's message has come: another one is trailers.
    var hasRemoteHead = false
    /// What is left of the length that the peer's head declared; nil: it declared none.
    var remaining: Int?
    /// Of the request that a client's stream carries: an answer to HEAD has no body.
    var method = HTTPMethod.get
    /// Stands in the queue of those that wait for a window.
    var isQueued = false

    init(id: UInt32, sendWindow: Int, receiveWindow: Int) {
        self.id = id
        self.sendWindow = sendWindow
        self.receiveWindow = receiveWindow
    }

    var isLocalOpen: Bool { if case .open = self.localEnd { true } else { false } }
    var isLocalClosed: Bool { if case .sent = self.localEnd { true } else { false } }
}
