// SPDX-License-Identifier: Apache-2.0
import HTTP1
import NIOCore

/// One request's way to an endpoint, whatever the protocol. Belongs to the event loop; good for one exchange at a time.
protocol UpstreamExchange: AnyObject {
    var isWritable: Bool { get }
    var localAddressText: String? { get }
    /// Of HTTP; nil where none is spoken.
    var version: HTTPVersion? { get }
    /// Sends the head. Answers come to `events`; an exchange whose end or failure it has been told of is not its own any more.
    func begin(_ head: RequestHead, body: BodyLength, events: any UpstreamEvents)
    func send(_ data: ByteBuffer)
    func end(_ trailers: HeaderBlock?)
    func flush()
    func pauseReading()
    func resumeReading()
    /// The request has no more use for it: the endpoint is told, and nothing more comes to `events`.
    func cancel()
}
