// SPDX-License-Identifier: Apache-2.0
import HTTP1
import NIOCore

/// What a request hears from its upstream attempt, on its event loop.
protocol UpstreamEvents: AnyObject {
    func upstreamInterim(_ head: ResponseHead)
    func upstreamHead(_ head: consuming ResponseHead, body: BodyLength)
    func upstreamData(_ data: ByteBuffer)
    /// The response is complete; the connection is no longer the request's.
    func upstreamEnd(_ trailers: HeaderBlock?)
    /// Of a tunnel: the upstream has said all, and still takes what comes from the client.
    func upstreamInputEnded()
    /// The attempt is over; the connection is no longer the request's.
    func upstreamFailed(_ failure: UpstreamFailure)
    func upstreamWritabilityChanged(_ isWritable: Bool)
    /// Nothing more to read for now: what was written downstream may be flushed.
    func upstreamReadComplete()
}
