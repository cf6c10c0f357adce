// SPDX-License-Identifier: Apache-2.0
import Sockets

/// A connection to an endpoint on which nothing has been said yet but a TLS handshake.
struct DialedChannel {
    let channel: SocketChannel
    /// Chosen by ALPN; nil where nothing was.
    let applicationProtocol: String?
}
