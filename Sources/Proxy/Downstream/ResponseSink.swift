// SPDX-License-Identifier: Apache-2.0
import HTTP1
import NIOCore

/// Where a request's answer goes, whatever protocol the client speaks. Calls are made on the event loop, in order.
protocol ResponseSink: AnyObject {
    var isWritable: Bool { get }
    func sendInterim(_ head: ResponseHead)
    func sendHead(_ head: ResponseHead, body: BodyLength)
    func sendData(_ data: ByteBuffer)
    func sendEnd(_ trailers: HeaderBlock?)
    /// Of a tunnel: the upstream has said all; what the client still says is taken.
    func sendTunnelEnd()
    func flush()
    /// No further request is taken from a connection that carries one at a time.
    func closeAfterAnswer()
    /// The answer that comes is whole and the proxy's own: what is missing of the request is not waited for.
    func answersForItself()
    /// The answer cannot be completed: the client must see that.
    func abort()
    /// Stops or resumes taking the request's body from the client.
    func setRequestPaused(_ isPaused: Bool)
    /// From here on both sides send bytes without framing.
    func becomeTunnel()
}
