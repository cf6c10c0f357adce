// SPDX-License-Identifier: Apache-2.0
import HTTP1
import HTTP2
import NIOCore
import ProxyModel
import Sockets

/// One HTTP/2 connection to an endpoint: carries many exchanges at once.
///
/// Belongs to its event loop. Reads go on all the time; what a slow client does not take is held back by the streams' windows.
final class HTTP2UpstreamConnection: ChannelInboundHandler, SocketReceiver, TurnFlushing {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let pool: HTTP2Pool
    private let limits: HTTP2ConnectionLimits
    let scheme: StaticString
    let machine: HTTP2Connection
    private var context: ChannelHandlerContext?
    private var inbound = ByteBuffer()
    private var exchanges = StreamTable<HTTP2UpstreamExchange>()
    /// Handed out, and their head not sent yet.
    private var promised = 0
    private var begun = 0
    /// Upgrades that wait to hear whether the endpoint takes them.
    private var awaitingSettings: [HTTP2UpstreamExchange] = []
    private var touched: [HTTP2UpstreamExchange] = []
    private var isProcessing = false
    private var closesWhenFree = false
    /// Stands in the queue of those that are flushed when the loop's turn ends.
    private var isFlushing = false
    /// Runs on while streams come; when it fires, `idleSince` says whether the time is over.
    private var idleTimer: Scheduled<Void>?
    private var idleSince = NIODeadline.now()
    private let loop: SocketLoop
    private let opened = NIODeadline.now()
    private(set) var localAddressText: String?
    private let output: SocketOutput
    private let isPlain: Bool
    private var keepAlive: HTTP2KeepAlive?

    init(
        pool: HTTP2Pool, limits: HTTP2ConnectionLimits, isTLS: Bool, isPlain: Bool, scratch: WriteScratch, loop: SocketLoop
    ) {
        self.loop = loop
        self.pool = pool
        self.output = SocketOutput(scratch: scratch, counts: pool.stats.bytes)
        self.isPlain = isPlain
        self.limits = limits
        self.machine = HTTP2Connection(role: .client, limits: HTTP2Limits(limits.options))
        self.scheme = isTLS ? "https" : "http"
    }

    private(set) var isActive = false
    /// It closed, or is to be closed, while exchanges went on.
    private(set) var isCut = false
    private var isClosedByUs = false
    /// TLS closes by itself when the endpoint says goodbye: the socket has not seen its end yet.
    var isEndedByPeer: Bool {
        !self.isClosedByUs && (!self.isPlain || (self.context?.channel as? SocketChannel)?.isEndedByPeer ?? true)
    }

    /// Whether another request may be sent on it now.
    var takesStream: Bool {
        guard !self.closesWhenFree, self.isActive, self.machine.canOpenStream else { return false }
        if self.limits.requests > 0, self.begun + self.promised >= self.limits.requests { return false }
        if let age = self.limits.maximumAge, self.opened + age <= .now() { return false }
        let most = min(self.machine.peerStreamLimit, self.limits.options.concurrentStreams ?? .max)
        return self.machine.openStreams + self.promised < most
    }

    func makeExchange() -> any UpstreamExchange {
        self.promised += 1
        return HTTP2UpstreamExchange(connection: self)
    }

    /// nil if the endpoint takes no stream any more.
    func open(
        _ exchange: HTTP2UpstreamExchange, _ head: RequestHead, endStream: Bool, protocolName: TextSlice?
    ) -> UInt32? {
        self.promised -= 1
        self.begun += 1
        guard let id = self.machine.sendRequest(head, scheme: self.scheme, endStream: endStream, protocolName: protocolName) else {
            self.streamOver()
            return nil
        }
        if self.exchanges.isEmpty { self.keepAlive?.streamBegins(idleSince: self.idleSince) }
        self.exchanges.insert(exchange, for: id)
        return id
    }

    /// An exchange that was handed out is not going to be used.
    func unused() {
        self.promised -= 1
        self.streamOver()
    }

    func awaitSettings(_ exchange: HTTP2UpstreamExchange) { self.awaitingSettings.append(exchange) }

    func stopAwaiting(_ exchange: HTTP2UpstreamExchange) {
        self.awaitingSettings.removeAll { $0 === exchange }
        self.unused()
    }

    /// Both sides of a tunnel have ended; what of ours is queued still goes out.
    func tunnelOver(_ id: UInt32) {
        guard self.exchanges.remove(id) != nil else { return }
        self.streamOver()
    }

    /// The exchange wants to hear no more.
    func forget(_ id: UInt32, _ code: HTTP2ErrorCode) {
        self.machine.reset(id, code)
        guard self.exchanges.remove(id) != nil else { return }
        self.pool.stats.resetsByUs &+= 1
        self.flush()
        self.streamOver()
    }

    func closeWhenFree() {
        self.closesWhenFree = true
        self.closeIfFree()
    }

    func close() {
        self.isClosedByUs = true
        self.context?.close(promise: nil)
    }

    // MARK: What the channel says

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        self.isActive = context.channel.isActive
        self.localAddressText = context.localAddress?.text
        self.output.attach(context, isPlain: self.isPlain, receiver: self)
        self.keepAlive = self.limits.options.keepAlive.map {
            HTTP2KeepAlive($0, eventLoop: context.eventLoop, connection: self)
        }
        self.flush()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        self.output.detach()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { self.received(self.unwrapInboundIn(data)) }

    func channelReadComplete(context: ChannelHandlerContext) { self.receivedAll() }

    func received(_ bytes: ByteBuffer) {
        self.output.counts.received &+= bytes.readableBytes
        var bytes = bytes
        if self.inbound.readableBytes == 0 { self.inbound = bytes } else { self.inbound.writeBuffer(&bytes) }
        self.process()
    }

    func receivedAll() {
        let touched = self.touched
        self.touched.removeAll(keepingCapacity: true)
        for exchange in touched {
            exchange.isTouched = false
            exchange.events?.upstreamReadComplete()
        }
        self.flush()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        let isWritable = context.channel.isWritable
        if isWritable { self.machine.outputWritten() }
        self.machine.setTakesData(isWritable)
        if isWritable { self.flush() }
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.isActive = false
        if !self.exchanges.isEmpty { self.isCut = true }
        self.idleTimer?.cancel()
        self.idleTimer = nil
        self.keepAlive?.stop()
        self.keepAlive = nil
        self.pool.connectionClosed(self)
        self.failAll { .closed(responseStarted: $0.hasHead, reused: self.begun > 1) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func failAll(_ failure: (HTTP2UpstreamExchange) -> UpstreamFailure) {
        let exchanges = self.exchanges
        self.exchanges.removeAll()
        let awaiting = self.awaitingSettings
        self.awaitingSettings = []
        self.promised -= awaiting.count
        for exchange in exchanges.all { exchange.failed(failure(exchange)) }
        for exchange in awaiting { exchange.failed(failure(exchange)) }
    }

    // MARK: Events

    private func process() {
        guard !self.isProcessing else { return }
        self.isProcessing = true
        defer {
            self.isProcessing = false
            // The channel can read into the same memory again once nobody holds it.
            if self.inbound.readableBytes == 0 { self.inbound = ByteBuffer() }
        }
        do {
            let now = NIODeadline.now()
            while let event = try self.machine.next(&self.inbound, now: now) { self.handle(event) }
        } catch {
            self.inbound.clear()
            self.pool.stats.protocolErrors &+= 1
            if !self.exchanges.isEmpty { self.isCut = true }
            self.write()
            self.failAll { _ in .protocolError("http2: \(error.detail)") }
            self.close()
        }
    }

    private func handle(_ event: HTTP2Event) {
        switch event {
        case .response(let id, let head, let length):
            guard let exchange = self.exchanges[id] else { return }
            self.touch(exchange)
            exchange.received(head, length)
        case .data(let id, let data, let cost):
            guard let exchange = self.exchanges[id] else { return self.machine.consumed(cost, on: id) }
            self.touch(exchange)
            exchange.received(data, cost: cost)
        case .end(let id, let trailers):
            if let tunnel = self.exchanges[id], tunnel.isTunnel, self.machine.isOpen(id) { return tunnel.tunnelInputEnded() }
            guard let exchange = self.exchanges.remove(id) else { return }
            // An answer that is complete makes the rest of the request pointless.
            if self.machine.isOpen(id) { self.machine.reset(id, .noError) }
            exchange.ended(trailers)
            self.streamOver()
        case .reset(let id, let code):
            guard let exchange = self.exchanges.remove(id) else { return }
            self.pool.stats.resetsByEndpoint &+= 1
            exchange.failed(
                code == .refusedStream ? .refusedStream : .reset(responseStarted: exchange.hasHead, code: code.rawValue))
            self.streamOver()
        case .malformed(let id, let code):
            guard let exchange = self.exchanges.remove(id) else { return }
            exchange.failed(.protocolError("http2: malformed answer, code \(code.rawValue)"))
            self.streamOver()
        case .drained(let id):
            guard let exchange = self.exchanges[id] else { return self.closeIfFree() }
            exchange.events?.upstreamWritabilityChanged(true)
        case .goAway:
            self.pool.stats.closeNotices &+= 1
            self.closeWhenFree()
        case .settings:
            let awaiting = self.awaitingSettings
            self.awaitingSettings = []
            for exchange in awaiting { exchange.settingsCame() }
            self.pool.streamsFreed(self)
        case .pong: self.keepAlive?.answered()
        case .request, .oversizedRequest: break
        }
    }

    private func touch(_ exchange: HTTP2UpstreamExchange) {
        guard !exchange.isTouched else { return }
        exchange.isTouched = true
        self.touched.append(exchange)
    }

    private func streamOver() {
        if self.limits.requests > 0, self.begun >= self.limits.requests, !self.closesWhenFree {
            self.closesWhenFree = true
            self.pool.stats.requestLimitsReached &+= 1
        }
        self.pool.streamsFreed(self)
        self.closeIfFree()
        guard self.isFree else { return }
        self.idleSince = .now()
        guard let timeout = self.limits.idleTimeout else { return }
        if self.idleTimer == nil { self.armIdleTimer(timeout) }
    }

    var isFree: Bool { self.exchanges.isEmpty && self.promised == 0 && self.machine.openStreams == 0 }

    /// The task holds the connection until it has run, or the connection has closed: a weak reference would make every use of it
    /// dear.
    private func armIdleTimer(_ rest: TimeAmount) {
        self.idleTimer = self.context?.eventLoop.assumeIsolated().scheduleTask(in: rest) {
            self.idleTimer = nil
            guard self.isFree, let timeout = self.limits.idleTimeout else { return }
            let rest = timeout - (NIODeadline.now() - self.idleSince)
            if rest > .nanoseconds(0) { return self.armIdleTimer(rest) }
            self.pool.stats.idleTimeouts &+= 1
            self.closeWhenFree()
        }
    }

    private func closeIfFree() {
        guard self.closesWhenFree, self.isFree else { return }
        self.machine.goAway(.noError)
        self.write()
        self.close()
    }

    // MARK: Output

    /// Events that sending has led to are handled, and all that is ready is sent, when the loop's turn ends.
    func flush() {
        guard !self.isFlushing else { return }
        self.isFlushing = true
        self.loop.flushAtTurnEnd(self)
    }

    func turnEnded() {
        self.isFlushing = false
        self.process()
        self.write()
    }

    private func write() {
        guard let context = self.context, self.machine.hasOutput else { return }
        self.machine.writeOutput {
            self.output.appendWhole($0)
        } flush: {
            self.output.flush()
        }
        if context.channel.isWritable { self.machine.outputWritten() }
    }
}
