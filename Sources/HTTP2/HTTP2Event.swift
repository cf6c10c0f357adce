// SPDX-License-Identifier: Apache-2.0
package import HTTP1
package import NIOCore

/// What a connection has to tell its owner, in order.
package enum HTTP2Event {
    /// A server's stream begins. `protocolName`: of an extended CONNECT (RFC 8441).
    case request(stream: UInt32, RequestHead, BodyLength, protocolName: TextSlice?)
    /// A request whose head is larger than what is allowed: to be answered with 431.
    case oversizedRequest(stream: UInt32)
    /// A client's stream gets an answer; interim answers come before.
    case response(stream: UInt32, ResponseHead, BodyLength)
    /// `cost`: what has to be given back with `consumed` for the peer to go on.
    case data(stream: UInt32, ByteBuffer, cost: Int)
    case end(stream: UInt32, trailers: HeaderBlock?)
    /// The peer has ended the stream without an end; nothing more is to be sent on it.
    case reset(stream: UInt32, HTTP2ErrorCode)
    /// What the peer said on the stream was no message: it has been told so, and the stream is over.
    case malformed(stream: UInt32, HTTP2ErrorCode)
    /// All that was queued on the stream has been written.
    case drained(stream: UInt32)
    /// The peer takes no streams after `last`.
    case goAway(last: UInt32, HTTP2ErrorCode)
    /// What the peer allows has changed: a client may be able to begin streams.
    case settings
    /// The peer answered our ping.
    case pong
}
