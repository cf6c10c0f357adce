// SPDX-License-Identifier: Apache-2.0
import HTTP1
import NIOCore
import NIOTLS
import ProxyCore
import Sockets

/// The server side of one HTTP/1 connection, behind TLS: reads requests one after the other, writes their answers.
///
/// Belongs to its event loop. The channel reads by itself, except while nothing that arrives could be passed on.
final class HTTP1Session: ChannelInboundHandler, SocketReceiver, DownstreamSession {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    let connection: DownstreamConnection
    private let limits: HTTP1Limits
    var context: ChannelHandlerContext?
    var machine = HTTP1Connection.StateMachine()
    private var parser: RequestHeadParser
    private var decoder: BodyDecoder?
    private var inbound = ByteBuffer()
    let output: SocketOutput
    private var stream: (any RequestSource)?
    var version = HTTPVersion.http11
    var method = HTTPMethod.get
    var chunked = false
    var delimited = true
    private(set) var isTunnel = false
    /// The request in hand asks for a tunnel: what follows its head waits for the answer.
    private(set) var awaitsTunnel = false
    /// Of a tunnel: the client has said all.
    private(set) var inputEnded = false
    private var isPaused = false
    /// The channel's `autoRead`: changed rarely, because each change costs a system call.
    private var reads = false
    private var isProcessing = false
    /// The request's head is being looked at: an answer that begins now is our own.
    private(set) var isStarting = false
    /// The answer to the request in hand has begun.
    var hasAnswered = false
    /// The channel's, kept here because it is asked for every part of an answer.
    private(set) var isWritable = true
    /// The last answer has been written; what still comes is thrown away.
    private(set) var isClosing = false
    var timers = SessionTimers()
    /// Since when no exchange has been going on.
    var idleSince = NIODeadline.now()

    init(connection: DownstreamConnection, limits: HTTP1Limits) {
        self.connection = connection
        self.limits = limits
        self.parser = RequestHeadParser(limits: limits)
        self.output = SocketOutput(scratch: connection.worker.scratch, counts: connection.bytes)
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
        if self.isTunnel, let event = event as? ChannelEvent, event == .inputClosed { self.tunnelInputEnded(context) }
        context.fireUserInboundEventTriggered(event)
    }

    private func begin(_ context: ChannelHandlerContext) {
        try? context.channel.syncOptions?.setOption(.autoRead, value: false)
        self.output.attach(context, isPlain: !self.connection.isTLS, receiver: self)
        self.connection.opened(context.channel, session: self)
        self.becameIdle(since: .now())
        self.updateReading()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { self.received(self.unwrapInboundIn(data)) }

    func channelReadComplete(context: ChannelHandlerContext) { self.receivedAll() }

    func received(_ bytes: ByteBuffer) {
        if self.connection.codec == nil { self.connection.speaks(.http1) }
        self.output.counts.received &+= bytes.readableBytes
        guard !self.isClosing else { return }
        var bytes = bytes
        if self.inbound.readableBytes == 0 { self.inbound = bytes } else { self.inbound.writeBuffer(&bytes) }
        self.process()
    }

    func receivedAll() {
        self.stream?.requestReadComplete()
        self.updateReading()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        self.isWritable = context.channel.isWritable
        self.stream?.downstreamWritabilityChanged(self.isWritable)
    }

    func channelInactive(context: ChannelHandlerContext) {
        let hasPartOfHead = self.hasPartOfHead
        if hasPartOfHead { self.connection.requestBegins(.http11) }
        self.connection.channelEnds()
        if hasPartOfHead { self.connection.requestCut() }
        self.machine.closed()
        self.isWritable = false
        self.timers.cancelAll(self.connection.worker.timers)
        let stream = self.stream
        self.stream = nil
        stream?.downstreamClosed()
        self.connection.closed()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    // MARK: Reading

    private func updateReading() {
        // While an answer is outstanding, one read of a next request is enough: the rest waits in the kernel.
        let takes =
            self.isTunnel || self.isClosing || self.decoder != nil || self.machine.isIdle || self.inbound.readableBytes == 0
        let reads = takes && !self.isPaused
        guard reads != self.reads, let context = self.context else { return }
        self.reads = reads
        try? context.channel.syncOptions?.setOption(.autoRead, value: reads)
    }

    private func process() {
        guard !self.isProcessing else { return }
        self.isProcessing = true
        defer {
            self.isProcessing = false
            // The channel can read into the same memory again once nobody holds it.
            if self.inbound.readableBytes == 0 { self.inbound = ByteBuffer() }
        }
        do {
            while self.inbound.readableBytes > 0 || self.decoder != nil {
                if self.isTunnel {
                    let data = self.inbound
                    self.inbound = ByteBuffer()
                    guard data.readableBytes > 0 else { return }
                    self.stream?.requestData(data)
                } else if self.decoder != nil {
                    guard try self.body() else { return }
                } else if self.machine.isIdle {
                    guard let head = try self.parser.next(&self.inbound) else { return self.armHeadTimer() }
                    try self.head(head)
                } else {
                    return
                }
            }
        } catch {
            self.refuse(error as? HTTP1Error ?? HTTP1Error(.invalidRequestLine))
        }
    }

    private func head(_ head: consuming RequestHead) throws {
        let length = try BodyLength.of(head)
        if self.timers.head != nil { self.connection.worker.timers.cancel(&self.timers.head) }
        self.version = head.version
        self.method = head.method
        guard self.machine.requestStarted(persistent: HopByHop.isPersistent(head.headers, version: head.version)) else { return }
        if self.connection.isDraining { self.machine.closeAfterExchange() }
        self.delimited = true
        self.chunked = false
        self.hasAnswered = false
        self.awaitsTunnel = length.isNone && (head.method.isConnect || HopByHop.tunnelProtocol(head.headers) != nil)
        let isOver = length.isNone && !self.awaitsTunnel
        // A request without a body has ended with its head: an answer that comes at once need not close the connection.
        if isOver {
            _ = self.machine.requestEnded()
        } else if !length.isNone {
            self.decoder = BodyDecoder(length, limits: self.limits)
        }
        self.isStarting = true
        let stream = self.connection.start(head, body: length, sink: self)
        self.isStarting = false
        guard !self.machine.isIdle else { return }
        self.stream = stream
        if isOver { stream.requestEnd(nil) }
    }

    /// False if more bytes are needed.
    private func body() throws -> Bool {
        switch try self.decoder?.next(&self.inbound) {
        case .data(let data)?:
            self.stream?.requestData(data)
            return true
        case .end(let trailers)?:
            self.decoder = nil
            let action = self.machine.requestEnded()
            self.stream?.requestEnd(trailers)
            self.halfEnded(action)
            return true
        case nil: return false
        }
    }

    func halfEnded(_ action: HTTP1Connection.StateMachine.HalfEndedAction) {
        switch action {
        case .wait: break
        case .nextRequest:
            self.stream = nil
            // The request that has just ended has looked.
            self.becameIdle(since: self.connection.worker.lastLook)
            self.process()
            self.updateReading()
        case .close:
            self.stream = nil
            let lingers = self.decoder != nil || self.inbound.readableBytes > 0
            self.decoder = nil
            self.closeAfterFlush(lingers: lingers)
        }
    }

    /// What cannot be parsed is answered, if nothing has been said yet, and ends the connection; a request in progress is given up.
    private func refuse(_ error: HTTP1Error) {
        self.inbound.clear()
        self.decoder = nil
        let stream = self.stream
        self.stream = nil
        self.machine.closed()
        // As Envoy: a request without a host is a request.
        let isRequest = error == HTTP1Error(.missingHost)
        if !isRequest { self.connection.stats.protocolErrors &+= 1 }
        if stream == nil, isRequest {
            self.connection.requestBegins(.http11)
            self.connection.requestEnded()
        } else if stream == nil {
            self.connection.requestWasNone(.http11)
        }
        self.connection.refused(error)
        if let stream {
            stream.downstreamClosed()
            guard !self.hasAnswered else { return self.closeAfterFlush(lingers: true) }
        }
        self.answer(status: error.status, body: error.text)
    }

    /// An answer where there is no request, and the last one.
    func answer(status: UInt16, body: String) {
        let head = AnswerHead.alone(status: status, body: body, connection: self.connection)
        self.output.begin()
        HeadWriter.write(head, framing: .contentLength, connection: "close", into: &self.output.buffer)
        self.output.buffer.writeString(body)
        self.closeAfterFlush(lingers: true)
    }

    // MARK: Closing

    /// Closes when everything has been sent, however slowly the client takes it.
    ///
    /// - Parameter lingers: The client may still be sending. Only our side is closed then, and what comes is read and thrown away
    ///   for a moment: a connection that is closed with unread bytes is reset, and the answer lost with it.
    func closeAfterFlush(lingers: Bool) {
        guard !self.isClosing, let context = self.context else { return }
        self.isClosing = true
        self.connection.isClosedByUs = true
        self.machine.closed()
        self.inbound.clear()
        self.output.flush()
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { [weak self] _ in self?.flushed(lingers: lingers) }
        self.timers.close = self.connection.worker.timers.schedule(self, .drain, after: SessionTimers.flushTime)
        context.writeAndFlush(self.wrapOutboundOut(ByteBuffer()), promise: written)
    }

    private func flushed(lingers: Bool) {
        guard let context = self.context else { return }
        guard lingers else { return context.close(promise: nil) }
        self.connection.worker.timers.cancel(&self.timers.close)
        self.timers.close = self.connection.worker.timers.schedule(self, .drain, after: SessionTimers.lingerTime)
        context.close(mode: .output, promise: nil)
        self.isPaused = false
        self.updateReading()
    }

    /// Bytes of a head are there, and not all of it.
    var hasPartOfHead: Bool { self.machine.isIdle && self.inbound.readableBytes > 0 }

    func giveUpHead(_ failure: RequestFailure) {
        let reply = LocalReply(failure)
        self.connection.requestWasNone(.http11)
        self.connection.timedOut(failure)
        self.machine.closed()
        self.connection.refused(reply)
        self.answer(status: reply.status, body: reply.body)
    }

    // MARK: For the extension that writes

    func setPaused(_ isPaused: Bool) {
        self.isPaused = isPaused
        self.updateReading()
    }

    private func tunnelInputEnded(_ context: ChannelHandlerContext) {
        self.inputEnded = true
        if self.isClosing { context.close(promise: nil) } else { self.stream?.requestEnd(nil) }
    }

    func startTunnel() {
        self.isTunnel = true
        self.awaitsTunnel = false
        try? self.context?.channel.syncOptions?.setOption(.allowRemoteHalfClosure, value: true)
        self.machine.becameTunnel()
        self.process()
        self.stream?.requestReadComplete()
        self.updateReading()
    }
}
