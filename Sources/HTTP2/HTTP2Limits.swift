// SPDX-License-Identifier: Apache-2.0

/// What a peer may make us hold or do. Each is announced to it where HTTP/2 has a setting for it.
package struct HTTP2Limits: Sendable, Hashable {
    /// Streams that the peer may have open at once; more are refused.
    package var concurrentStreams: Int
    /// Bytes of a body that one stream may have on the way to us.
    package var streamWindow: Int
    /// The same for all streams of a connection together.
    package var connectionWindow: Int
    /// Bytes of names and values of one head: 431.
    package var headBytes: Int
    /// Fields of a head: 431.
    package var headerCount: Int
    /// Whether upgrades may come as extended CONNECT (RFC 8441).
    package var acceptsExtendedConnect: Bool
    /// CONTINUATION frames of one head; more end the connection.
    package var continuations: Int
    /// Control frames that we owe the peer while it does not read; more end the connection.
    package var unreadReplies: Int
    /// Frames that cost us work and carry nothing (resets, pings, settings, priorities, empty data, window updates that open
    /// nothing we wait for): a burst, and how many more each second.
    package var idleFrameBurst: Int
    package var idleFramesPerSecond: Int

    package init(
        concurrentStreams: Int = 1024, streamWindow: Int = 256 << 10, connectionWindow: Int = 16 << 20, headBytes: Int = 60 << 10,
        headerCount: Int = 100, acceptsExtendedConnect: Bool = false, continuations: Int = 16, unreadReplies: Int = 1000,
        idleFrameBurst: Int = 1000,
        idleFramesPerSecond: Int = 100
    ) {
        self.concurrentStreams = concurrentStreams
        self.streamWindow = streamWindow
        self.connectionWindow = connectionWindow
        self.headBytes = headBytes
        self.headerCount = headerCount
        self.acceptsExtendedConnect = acceptsExtendedConnect
        self.continuations = continuations
        self.unreadReplies = unreadReplies
        self.idleFrameBurst = idleFrameBurst
        self.idleFramesPerSecond = idleFramesPerSecond
    }
}
