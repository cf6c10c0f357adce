// SPDX-License-Identifier: Apache-2.0
import HTTP1
import HTTP2
import NIOCore

/// One stream of a client's HTTP/2 connection: takes the answer and hands over the request's body.
final class HTTP2Exchange: ResponseSink {
    /// Until the session lets go of the stream. Not weak: a weak reference makes every use of the session dear.
    private var session: HTTP2Session?
    let stream: UInt32
    /// Bytes go both ways as they come: an answer that ends does not end the request.
    private var isTunnel = false
    var source: (any RequestSource)?
    var isTouched = false
    private var isRequestOver = false
    private var isPaused = false
    /// Received, passed on, and not yet given back to the client's window.
    private var withheld = 0
    /// A head without a body waits for what ends the answer: both are then one frame.
    private var heldHead: ResponseHead?

    init(session: HTTP2Session, stream: UInt32) {
        self.session = session
        self.stream = stream
    }

    // MARK: The request

    func received(_ data: ByteBuffer, cost: Int) {
        self.source?.requestData(data)
        if self.isPaused { self.withheld += cost } else { self.session?.machine.consumed(cost, on: self.stream) }
    }

    func ended(_ trailers: HeaderBlock?) {
        self.isRequestOver = true
        self.source?.requestEnd(trailers)
        self.session?.forgetIfOver(self.stream)
    }

    /// The session has let go of the stream, whose answer is complete.
    func unlink() { self.session = nil }

    /// The stream or the connection is gone.
    func gone() {
        let source = self.source
        self.source = nil
        self.session = nil
        source?.downstreamClosed()
    }

    func setRequestPaused(_ isPaused: Bool) {
        self.isPaused = isPaused
        guard !isPaused, self.withheld > 0, let session = self.session else { return }
        let cost = self.withheld
        self.withheld = 0
        session.machine.consumed(cost, on: self.stream)
        session.flush()
    }

    // MARK: The answer

    var isWritable: Bool { self.session?.machine.isDrained(self.stream) ?? false }

    func sendInterim(_ head: ResponseHead) {
        self.session?.machine.sendResponse(head, on: self.stream, endStream: false)
        self.session?.flush()
    }

    func sendHead(_ head: ResponseHead, body: BodyLength) {
        guard head.status != 101 else {
            var head = head
            head.status = 200
            self.session?.machine.sendResponse(head, on: self.stream, endStream: false)
            return
        }
        if body == .none {
            self.heldHead = head
        } else {
            self.session?.machine.sendResponse(head, on: self.stream, endStream: false)
        }
    }

    func sendData(_ data: ByteBuffer) { self.session?.machine.sendData(data, on: self.stream) }

    func sendEnd(_ trailers: HeaderBlock?) {
        guard let session = self.session else { return }
        let stopsPeer = !self.isRequestOver
        let trailers = trailers.flatMap { $0.isEmpty ? nil : $0 }
        if let head = self.heldHead {
            self.heldHead = nil
            session.machine.sendResponse(head, on: self.stream, endStream: trailers == nil, stopsPeer: stopsPeer)
            if let trailers { session.machine.sendEnd(trailers, on: self.stream, stopsPeer: stopsPeer) }
        } else {
            session.machine.sendEnd(trailers, on: self.stream, stopsPeer: stopsPeer)
        }
        session.forgetIfOver(self.stream)
        session.flush()
    }

    func sendTunnelEnd() {
        guard let session = self.session else { return }
        session.machine.sendEnd(nil, on: self.stream)
        session.flush()
    }

    func flush() { self.session?.flush() }

    func closeAfterAnswer() {}

    func answersForItself() {}

    func abort() {
        guard let session = self.session else { return }
        // What has been answered is said, however it ends.
        if let head = self.heldHead {
            self.heldHead = nil
            session.machine.sendResponse(head, on: self.stream, endStream: false)
        }
        session.machine.reset(self.stream, self.isTunnel ? .connectError : .internalError)
        session.forgetIfOver(self.stream)
        session.flush()
    }

    func becomeTunnel() {
        self.isTunnel = true
        self.session?.flush()
    }
}
