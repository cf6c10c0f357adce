// SPDX-License-Identifier: Apache-2.0
import HTTP1
import HTTP2
import NIOCore
import NIOTLS
import Observability
import ProxyCore
import ProxyModel
import Sockets

/// The server side of one HTTP/2 connection, behind TLS: each stream is an exchange of its own.
///
/// Belongs to its event loop. Reads go on all the time; what a slow upstream does not take is held back by the streams' windows.
final class HTTP2Session: ChannelInboundHandler, SocketReceiver, DownstreamSession, TimerTarget, TurnFlushing {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    let connection: DownstreamConnection
    let machine: HTTP2Connection
    private var context: ChannelHandlerContext?
    private let output: SocketOutput
    private var inbound = ByteBuffer()
    private var exchanges = StreamTable<HTTP2Exchange>()
    /// Those that got something since the last read.
    private var touched: [HTTP2Exchange] = []
    private var isProcessing = false
    /// Stands in the queue of those that are flushed when the loop's turn ends.
    private var isFlushing = false
    /// Runs on while requests come; when it fires, `idleSince` says whether the time is over.
    private var idleTimer: TimerToken?
    private var idleSince = NIODeadline.now()
    private var drainTimer: TimerToken?
    /// The last answer has been written; what still comes is thrown away.
    private var isClosing = false
    private var closeTimer: TimerToken?
    /// Runs while a head comes in pieces.
    private var headTimer: TimerToken?
    private var keepAlive: HTTP2KeepAlive?

    init(connection: DownstreamConnection, limits: HTTP2Limits) {
        self.connection = connection
        self.output = SocketOutput(scratch: connection.worker.scratch, counts: connection.bytes)
        self.machine = HTTP2Connection(role: .server, limits: limits)
    }

    // MARK: What the channel says

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        if !self.connection.isTLS, context.channel.isActive { self.begin(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        if !self.connection.isTLS { self.begin(context) }
        context.fireChannelActive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        self.output.detach()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case TLSUserEvent.handshakeCompleted? = event as? TLSUserEvent {
            self.connection.handshakeCompleted(context.pipeline.syncOperations)
            self.begin(context)
        }
        context.fireUserInboundEventTriggered(event)
    }

    private func begin(_ context: ChannelHandlerContext) {
        try? context.channel.syncOptions?.setOption(.autoRead, value: true)
        self.output.attach(context, isPlain: !self.connection.isTLS, receiver: self)
        self.connection.opened(context.channel, session: self)
        self.becameIdle()
        self.keepAlive = self.connection.chain.manager.settings.http2.keepAlive.map {
            HTTP2KeepAlive($0, eventLoop: context.eventLoop, connection: self)
        }
        self.flush()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { self.received(self.unwrapInboundIn(data)) }

    func channelReadComplete(context: ChannelHandlerContext) { self.receivedAll() }

    func received(_ bytes: ByteBuffer) {
        if self.connection.codec == nil { self.connection.speaks(.http2) }
        self.output.counts.received &+= bytes.readableBytes
        guard !self.isClosing else { return }
        var bytes = bytes
        if self.inbound.readableBytes == 0 { self.inbound = bytes } else { self.inbound.writeBuffer(&bytes) }
        self.process()
    }

    func receivedAll() {
        let touched = self.touched
        self.touched.removeAll(keepingCapacity: true)
        for exchange in touched {
            exchange.isTouched = false
            exchange.source?.requestReadComplete()
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
        self.connection.channelEnds()
        self.connection.worker.timers.cancel(&self.idleTimer)
        self.connection.worker.timers.cancel(&self.drainTimer)
        self.connection.worker.timers.cancel(&self.closeTimer)
        self.connection.worker.timers.cancel(&self.headTimer)
        self.keepAlive?.stop()
        self.keepAlive = nil
        self.giveUpExchanges()
        self.connection.closed()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    // MARK: Events

    /// Takes what has arrived and what sending has led to. Where that leads to more, the outer call goes on with it.
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
            self.watchHead(now)
        } catch {
            self.connection.stats.protocolErrors &+= 1
            self.connection.refused(error)
            self.inbound.clear()
            self.giveUpExchanges()
            self.write()
            self.close()
        }
    }

    private func handle(_ event: HTTP2Event) {
        switch event {
        case .request(let stream, let head, let length, let protocolName):
            self.start(stream, head, length, protocolName: protocolName)
        case .oversizedRequest(let stream):
            self.connection.refused(HTTP1Error(.headTooLarge), wireProtocol: .http2)
            self.connection.requestWasNone(.http2)
            self.connection.answered(431)
            var head = ResponseHead(status: 431, headers: HeaderBlock())
            AnswerHead.finish(&head, manager: self.connection.chain.manager, worker: self.connection.worker)
            self.machine.sendResponse(head, on: stream, endStream: true, stopsPeer: true)
        case .data(let stream, let data, let cost):
            guard let exchange = self.exchanges[stream] else { return self.machine.consumed(cost, on: stream) }
            self.touch(exchange)
            exchange.received(data, cost: cost)
        case .end(let stream, let trailers):
            guard let exchange = self.exchanges[stream] else { return }
            self.touch(exchange)
            exchange.ended(trailers)
        case .reset(let stream, _), .malformed(let stream, _):
            guard let exchange = self.exchanges.remove(stream) else { return }
            exchange.gone()
            self.streamOver()
        case .drained(let stream):
            guard let exchange = self.exchanges[stream] else { return }
            exchange.source?.downstreamWritabilityChanged(true)
            self.forgetIfOver(stream)
        case .goAway: self.streamOver()
        case .pong: self.keepAlive?.answered()
        case .response, .settings: break
        }
    }

    private func start(_ stream: UInt32, _ head: RequestHead, _ length: BodyLength, protocolName: TextSlice?) {
        if self.headTimer != nil { self.connection.worker.timers.cancel(&self.headTimer) }
        let exchange = HTTP2Exchange(session: self, stream: stream)
        if self.exchanges.isEmpty { self.keepAlive?.streamBegins(idleSince: self.idleSince) }
        self.exchanges.insert(exchange, for: stream)
        var head = head
        if let protocolName { head = HTTP2Upgrade.asHTTP1(head, protocolName: protocolName) }
        exchange.source = self.connection.start(head, body: protocolName == nil ? length : .none, sink: exchange)
        self.forgetIfOver(stream)
    }

    private func touch(_ exchange: HTTP2Exchange) {
        guard !exchange.isTouched else { return }
        exchange.isTouched = true
        self.touched.append(exchange)
    }

    /// The codec has let go of the stream: both sides have ended it.
    func forgetIfOver(_ stream: UInt32) {
        guard !self.machine.isOpen(stream), let exchange = self.exchanges.remove(stream) else { return }
        exchange.unlink()
        self.streamOver()
    }

    private func streamOver() {
        guard self.exchanges.isEmpty else { return }
        if self.machine.isClosing { return self.closeAfterFlush() }
        self.becameIdle()
    }

    private func giveUpExchanges() {
        let exchanges = self.exchanges
        self.exchanges.removeAll()
        for exchange in exchanges.all { exchange.gone() }
    }

    func close() {
        self.connection.isClosedByUs = true
        self.context?.close(promise: nil)
    }

    // MARK: Output

    /// Events that sending has led to are handled, and all that is ready is sent, when the loop's turn ends.
    func flush() {
        guard !self.isFlushing else { return }
        self.isFlushing = true
        self.connection.worker.eventLoop.flushAtTurnEnd(self)
    }

    func turnEnded() {
        self.isFlushing = false
        guard !self.isClosing else { return }
        self.process()
        if !self.isClosing { self.write() }
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

    /// Closes when everything has been sent, however slowly the client takes it. What it sends meanwhile is read and thrown away: a
    /// connection that is closed with unread bytes is reset, and the end of an answer may be lost with it.
    private func closeAfterFlush() {
        guard !self.isClosing, let context = self.context else { return }
        self.machine.goAway(.noError)
        self.write()
        self.isClosing = true
        self.connection.isClosedByUs = true
        self.inbound.clear()
        self.closeTimer = self.connection.worker.timers.schedule(self, .close, after: SessionTimers.flushTime)
        context.closeOutputWhenWritten { [weak self] in
            guard let self else { return }
            self.connection.worker.timers.cancel(&self.closeTimer)
            self.closeTimer = self.connection.worker.timers.schedule(self, .close, after: SessionTimers.lingerTime)
        }
    }

    // MARK: Time

    private func becameIdle() {
        guard !self.connection.isDraining else { return self.armDrainTimer() }
        self.idleSince = .now()
        guard let timeout = self.connection.idleTimeout else { return }
        guard self.idleTimer == nil else { return }
        self.idleTimer = self.connection.worker.timers.schedule(self, .idle, after: timeout, now: self.idleSince)
    }

    func timerFired(_ kind: TimerKind) {
        switch kind {
        case .idle: self.idleTimeIsOver()
        case .close:
            self.connection.stats.lateCloses &+= 1
            self.context?.close(promise: nil)
        case .headers:
            self.headTimer = nil
            guard let limit = self.connection.headLimit else { return }
            self.connection.requestWasNone(.http2)
            self.connection.timedOut(limit.failure)
            // Until this head ends, nothing else can be said on the connection.
            self.connection.refused(LocalReply(limit.failure), wireProtocol: .http2)
            self.giveUpExchanges()
            self.machine.goAway(.enhanceYourCalm)
            self.closeAfterFlush()
        default:
            self.drainTimer = nil
            self.machine.goAway(.noError)
            if self.exchanges.isEmpty { self.closeAfterFlush() } else { self.write() }
        }
    }

    /// A head that has begun has the same time as one of HTTP/1.
    private func watchHead(_ now: NIODeadline) {
        guard self.machine.isInHead(self.inbound) else {
            if self.headTimer != nil { self.connection.worker.timers.cancel(&self.headTimer) }
            return
        }
        guard self.headTimer == nil, let limit = self.connection.headLimit else { return }
        self.headTimer = self.connection.worker.timers.schedule(self, .headers, after: limit.time, now: now)
    }

    private func idleTimeIsOver() {
        self.idleTimer = nil
        // A stream is open: the timer is set anew when it has ended.
        guard self.exchanges.isEmpty, let timeout = self.connection.idleTimeout else { return }
        let now = NIODeadline.now()
        let rest = timeout - (now - self.idleSince)
        guard rest > .nanoseconds(0) else {
            self.connection.stats.idleTimeouts &+= 1
            return self.closeAfterFlush()
        }
        self.idleTimer = self.connection.worker.timers.schedule(self, .idle, after: rest, now: now)
    }

    func drain() {
        // The client hears it before its next request; what it has sent meanwhile is still served.
        self.machine.announceGoAway()
        self.write()
        self.armDrainTimer()
    }

    private func armDrainTimer() {
        guard self.drainTimer == nil else { return }
        self.drainTimer = self.connection.worker.timers.schedule(self, .drain, after: self.connection.drainTimeout)
    }
}
