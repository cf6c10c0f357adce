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
    /// What a WebSocket over HTTP/1 has to be answered, and an endpoint of HTTP/2 need not.
    private var webSocketKey: String?
    private var wantsTunnel = false
    /// The endpoint has agreed to an upgrade or to CONNECT: each direction may end before the other.
    private(set) var isTunnel = false
    private var inputEnded = false
    /// An upgrade that waits to hear whether the endpoint takes it.
    private var waitingHead: RequestHead?
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
    var version: HTTPVersion? { .http2 }

    // MARK: What the request does

    func begin(_ head: RequestHead, body: BodyLength, events: any UpstreamEvents) {
        guard let connection = self.connection else { return events.upstreamFailed(.refusedStream) }
        self.protocolName = HopByHop.upgrade(head.headers)
        if self.protocolName != nil, !connection.machine.knowsPeer {
            self.waitingHead = head
            self.events = events
            return connection.awaitSettings(self)
        }
        self.wantsTunnel = self.protocolName != nil || head.method == .connect
        if self.protocolName != nil, !connection.machine.acceptsExtendedConnect {
            self.connection = nil
            self.events = nil
            connection.unused()
            return events.upstreamFailed(.protocolError("the upstream takes no extended CONNECT"))
        }
        if let name = self.protocolName, name.equalsIgnoringCase("websocket") {
            self.webSocketKey = head.headers.first(WebSocketKey.key)?.string
        }
        self.events = events
        self.id = connection.open(self, head, endStream: body == .none && !self.wantsTunnel, protocolName: self.protocolName)
        guard self.id == nil else { return }
        self.connection = nil
        self.events = nil
        events.upstreamFailed(.refusedStream)
    }

    func settingsCame() {
        guard let head = self.waitingHead, let events = self.events else { return }
        self.waitingHead = nil
        self.begin(head, body: .none, events: events)
    }

    func send(_ data: ByteBuffer) {
        guard let id = self.id else { return }
        self.connection?.machine.sendData(data, on: id)
    }

    func end(_ trailers: HeaderBlock?) {
        guard let id = self.id else { return }
        self.connection?.machine.sendEnd(trailers.flatMap { $0.isEmpty ? nil : $0 }, on: id)
        if self.inputEnded { self.connection?.tunnelOver(id) }
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
        guard let id = self.id else {
            return self.waitingHead == nil ? connection?.unused() ?? () : connection?.stopAwaiting(self) ?? ()
        }
        connection?.forget(id, .cancel)
    }

    // MARK: What the endpoint does

    func received(_ head: ResponseHead, _ length: BodyLength) {
        if head.isInterim { return self.events?.upstreamInterim(head) ?? () }
        self.hasHead = true
        guard self.wantsTunnel, head.status < 300 else { return self.events?.upstreamHead(head, body: length) ?? () }
        self.isTunnel = true
        guard let protocolName = self.protocolName else { return self.events?.upstreamHead(head, body: .untilClose) ?? () }
        var answer = head
        answer.status = 101
        answer.headers.add("connection", "upgrade")
        answer.headers.add("upgrade", protocolName)
        if let key = self.webSocketKey, !answer.headers.contains(WebSocketKey.accept) {
            answer.headers.add(WebSocketKey.accept, WebSocketKey.answer(to: key))
        }
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

    /// The endpoint has said all, and still takes what comes from the client.
    func tunnelInputEnded() {
        self.inputEnded = true
        self.events?.upstreamInputEnded()
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
