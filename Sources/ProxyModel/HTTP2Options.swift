// SPDX-License-Identifier: Apache-2.0

/// How HTTP/2 is spoken on the connections of a listener or a cluster (`Http2ProtocolOptions`). nil: as this proxy finds good.
package struct HTTP2Options: Sendable, Hashable {
    /// Of one connection; of a cluster, beside what the endpoint allows.
    package var concurrentStreams: Int?
    /// Bytes, 65,535 … 2^31 - 1.
    package var streamWindow: Int?
    package var connectionWindow: Int?
    /// Whether clients may open tunnels (CONNECT, RFC 8441).
    package var acceptsConnect: Bool
    package var keepAlive: KeepAlive?

    package init(
        concurrentStreams: Int? = nil, streamWindow: Int? = nil, connectionWindow: Int? = nil, acceptsConnect: Bool = false,
        keepAlive: KeepAlive? = nil
    ) {
        self.concurrentStreams = concurrentStreams
        self.streamWindow = streamWindow
        self.connectionWindow = connectionWindow
        self.acceptsConnect = acceptsConnect
        self.keepAlive = keepAlive
    }

    /// Pings, by which a peer that has gone without a word is noticed.
    package struct KeepAlive: Sendable, Hashable {
        /// Between pings; nil: none but after idling.
        package var interval: Duration?
        /// How long an answer may take: then the connection is closed.
        package var timeout: Duration
        /// Percent of the interval, up to which a random time is added to it.
        package var jitter: Double
        /// Without a stream for so long, the next one begins with a ping; nil: it does not.
        package var idleInterval: Duration?

        package init(interval: Duration? = nil, timeout: Duration, jitter: Double = 15, idleInterval: Duration? = nil) {
            self.interval = interval
            self.timeout = timeout
            self.jitter = jitter
            self.idleInterval = idleInterval
        }
    }
}
