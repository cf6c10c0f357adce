// SPDX-License-Identifier: Apache-2.0
import HTTP1
import HTTP2
import NIOCore

/// One stream of an HTTP/2 connection to an endpoint, for one request.
final class HTTP2UpstreamExchange: UpstreamExchange {
    private var connection: HTTP2UpstreamConnection?
    private(set) var events: (any UpstreamEvents)?
    private var id: UInt32?
    private(set) var hasHead = false
    /// What an upgrade asked for; its answer is 101 inside the proxy and 200 here (RFC 8441).
    private var protocolName: TextSlice?
    private var isPaused = false
    /// Received, and not yet given back to the endpoint's window.
    private var withheld = 0
    var isTouched = false

    init(connection: HTTP2UpstreamConnection) { self.connection = connection }

    var isWritable: Bool {
        guard let connection = self.connection, let id = self.id else { return false }
        return connection.machine.isDrained(id)
    }

    var localAddressText: String? { self.connection?.localAddressText }

    // MARK: What the request does

    func begin(_ head: RequestHead, body: BodyLength, events: any UpstreamEvents) {
        guard let connection = self.connection else { return events.upstreamFailed(.refusedStream) }
        self.protocolName = HopByHop.upgrade(head.headers)
        let isTunnel = self.protocolName != nil || head.method == .connect
        if self.protocolName != nil, !connection.machine.acceptsExtendedConnect {
            self.connection = nil
            connection.unused()
            return events.upstreamFailed(.protocolError("the upstream takes no extended CONNECT"))
        }
        self.events = events
        self.id = connection.open(self, head, endStream: body == .none && !isTunnel, protocolName: self.protocolName)
        guard self.id == nil else { return }
        self.connection = nil
        self.events = nil
        events.upstreamFailed(.refusedStream)
    }

    func send(_ data: ByteBuffer) {
        guard let id = self.id else { return }
        self.connection?.machine.sendData(data, on: id)
    }

    func end(_ trailers: HeaderBlock?) {
        guard let id = self.id, self.protocolName == nil || self.hasHead else { return }
        self.connection?.machine.sendEnd(trailers.flatMap { $0.isEmpty ? nil : $0 }, on: id)
    }

    func flush() { self.connection?.flush() }

    func pauseReading() { self.isPaused = true }

    func resumeReading() {
        guard self.isPaused else { return }
        self.isPaused = false
        guard self.withheld > 0, let connection = self.connection, let id = self.id else { return }
        let cost = self.withheld
        self.withheld = 0
        connection.machine.consumed(cost, on: id)
        connection.flush()
    }

    func cancel() {
        let connection = self.connection
        self.connection = nil
        self.events = nil
        guard let id = self.id else { return connection?.unused() ?? () }
        connection?.forget(id, .cancel)
    }

    // MARK: What the endpoint does

    func received(_ head: ResponseHead, _ length: BodyLength) {
        if head.isInterim { return self.events?.upstreamInterim(head) ?? () }
        self.hasHead = true
        guard let protocolName = self.protocolName, head.status < 300 else {
            return self.events?.upstreamHead(head, body: length) ?? ()
        }
        var answer = head
        answer.status = 101
        answer.headers.add("connection", "upgrade")
        answer.headers.add("upgrade", protocolName)
        self.events?.upstreamHead(answer, body: .untilClose)
    }

    func received(_ data: ByteBuffer, cost: Int) {
        self.events?.upstreamData(data)
        if self.isPaused {
            self.withheld += cost
        } else if let id = self.id {
            self.connection?.machine.consumed(cost, on: id)
        }
    }

    func ended(_ trailers: HeaderBlock?) {
        let events = self.events
        self.connection = nil
        self.events = nil
        events?.upstreamEnd(trailers)
    }

    func failed(_ failure: UpstreamFailure) {
        let events = self.events
        self.connection = nil
        self.events = nil
        events?.upstreamFailed(failure)
    }
}
