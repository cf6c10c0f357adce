// SPDX-License-Identifier: Apache-2.0
import HTTP1
import NIOCore
import Sockets

/// One HTTP/1 connection to an endpoint: carries one exchange at a time and goes back to its pool afterwards.
///
/// Belongs to its event loop. The channel reads by itself except while a slow client stops the upstream.
final class UpstreamConnection: ChannelInboundHandler, SocketReceiver, UpstreamExchange {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Where its pool has it.
    enum Place { case outside, busy, idle }

    private let pool: EndpointPool
    private let parserLimits: HTTP1Limits
    private(set) var context: ChannelHandlerContext?
    private(set) var stream: (any UpstreamEvents)?
    private var method = HTTPMethod.get
    private var parser: ResponseHeadParser
    private var decoder: BodyDecoder?
    private var inbound = ByteBuffer()
    let output: SocketOutput
    private let isPlain: Bool
    private var requestEnded = true
    private var chunked = false
    private var responseStarted = false
    private var asksUpgrade = false
    private var persistent = true
    private(set) var isTunnel = false
    var tunnelEnds = TunnelEnds()
    private var isPaused = false
    private(set) var exchanges = 0
    private(set) var idleSince = NIODeadline.now()
    let opened = NIODeadline.now()
    /// nil: any age.
    var maximumAge: TimeAmount?
    /// The pool's: nobody else writes it.
    var place = Place.outside
    /// The pool's: its index among the pool's connections.
    var slot = 0
    private(set) var localAddressText: String?
    /// It closed, or is to be closed, while an exchange went on.
    private(set) var isCut = false
    private var isClosedByUs = false
    var version: HTTPVersion? { .http11 }

    /// - Parameter isPlain: What is written to the channel is what goes into the socket.
    init(pool: EndpointPool, limits: HTTP1Limits, scratch: WriteScratch, isPlain: Bool) {
        self.pool = pool
        self.output = SocketOutput(scratch: scratch, counts: pool.stats.bytes)
        self.isPlain = isPlain
        self.parserLimits = limits
        self.parser = ResponseHeadParser(limits: limits)
    }

    private(set) var isActive = false
    /// The channel's, kept here because it is asked for every part of a body.
    private(set) var isWritable = true

    // MARK: What the request does

    func begin(_ head: RequestHead, body: BodyLength, events: any UpstreamEvents) {
        self.stream = events
        self.method = head.method
        self.parser = ResponseHeadParser(limits: self.parserLimits)
        self.decoder = nil
        self.requestEnded = false
        self.responseStarted = false
        self.persistent = true
        self.resumeReading()
        self.exchanges += 1
        self.chunked = body.isChunked
        self.asksUpgrade = head.headers.contains(.upgrade)
        self.output.begin()
        let isEmpty = body.isNone && head.method.usuallyHasBody && !head.headers.contains(.contentLength)
        HeadWriter.write(head, framing: self.chunked ? .chunked : isEmpty ? .empty : .none, into: &self.output.buffer)
    }

    func send(_ data: ByteBuffer) { self.output.append(data, chunked: self.chunked) }

    func end(_ trailers: HeaderBlock?) {
        if self.chunked { self.output.endChunks(trailers) }
        self.requestEnded = true
        if self.isTunnel { self.endTunnelOutput() }
    }

    func flush() { self.output.flushSoon() }

    func pauseReading() {
        guard !self.isPaused else { return }
        self.isPaused = true
        try? self.context?.channel.syncOptions?.setOption(.autoRead, value: false)
    }

    func resumeReading() {
        guard self.isPaused else { return }
        self.isPaused = false
        try? self.context?.channel.syncOptions?.setOption(.autoRead, value: true)
    }

    /// The request has no more use for this exchange: the connection cannot be used again.
    func cancel() {
        self.stream = nil
        self.isCut = true
        self.close()
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

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if self.isTunnel, let event = event as? ChannelEvent, event == .inputClosed { self.tunnelInputEnded() }
        context.fireUserInboundEventTriggered(event)
    }

    func receivedAll() {
        self.stream?.upstreamReadComplete()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        self.isWritable = context.channel.isWritable
        self.stream?.upstreamWritabilityChanged(self.isWritable)
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.isActive = false
        self.endedBeforeAnswer()
        self.pool.connectionClosed(self)
        guard let stream = self.stream else { return }
        self.stream = nil
        if self.isTunnel {
            stream.upstreamEnd(nil)
        } else if self.responseStarted, self.endsByClosing() {
            stream.upstreamEnd(nil)
        } else if !self.responseStarted, self.inbound.readableBytes > 0 {
            stream.upstreamFailed(.protocolError("http1.closed_in_head"))
        } else {
            stream.upstreamFailed(.closed(responseStarted: self.responseStarted, reused: self.exchanges > 1))
        }
    }

    /// TLS closes by itself when the endpoint says goodbye: the socket has not seen its end yet.
    var isEndedByPeer: Bool {
        !self.isClosedByUs && (!self.isPlain || (self.context?.channel as? SocketChannel)?.isEndedByPeer ?? true)
    }

    private func endedBeforeAnswer() {
        guard self.stream != nil else { return }
        self.isCut = true
        // As Envoy: the end in the middle of a message is an error of its syntax.
        let isInMessage = self.responseStarted ? !self.isTunnel && !self.isBodyOver : self.inbound.readableBytes > 0
        if isInMessage { self.pool.stats.protocolErrors &+= 1 }
    }

    private var isBodyOver: Bool {
        var decoder = self.decoder
        guard let event = try? decoder?.inputClosed(), case .end = event else { return false }
        return true
    }

    private func endsByClosing() -> Bool {
        guard let event = try? self.decoder?.inputClosed(), case .end = event else { return false }
        return true
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func process() {
        // The channel can read into the same memory again once nobody holds it.
        defer { if self.inbound.readableBytes == 0 { self.inbound = ByteBuffer() } }
        do {
            while self.inbound.readableBytes > 0 {
                guard let stream = self.stream else {
                    // Bytes that nobody asked for: what follows could be taken for the next answer.
                    self.inbound.clear()
                    return self.close()
                }
                if self.isTunnel {
                    let data = self.inbound
                    self.inbound = ByteBuffer()
                    return stream.upstreamData(data)
                }
                guard self.decoder == nil else {
                    guard try self.body(stream) else { return }
                    continue
                }
                guard let head = try self.parser.next(&self.inbound) else { return }
                try self.head(head, stream)
            }
        } catch {
            let code = (error as? HTTP1Error)?.details ?? "http1.codec_error"
            let stream = self.stream
            self.stream = nil
            self.isCut = true
            self.pool.stats.protocolErrors &+= 1
            self.close()
            stream?.upstreamFailed(.protocolError(code))
        }
    }

    private func head(_ head: consuming ResponseHead, _ stream: any UpstreamEvents) throws {
        if head.isInterim { return stream.upstreamInterim(head) }
        // Nobody asked for another protocol: what followed would be read as HTTP by one side only (RFC 9110 15.2.2).
        guard head.status != 101 || self.asksUpgrade else { throw HTTP1Error(.invalidStatusLine) }
        let length = try BodyLength.of(head, to: self.method)
        self.responseStarted = true
        self.persistent =
            HopByHop.isPersistent(head.headers, version: head.version) && !length.endsWithConnection && !BodyLength.isDenied(head)
        if !self.persistent { self.pool.stats.closeNotices &+= 1 }
        if head.status == 101 || (self.method.isConnect && head.status < 300) {
            self.isTunnel = true
            self.allowHalfClosure()
            self.chunked = false
            return stream.upstreamHead(head, body: .untilClose)
        }
        self.decoder = BodyDecoder(length, limits: self.parserLimits)
        stream.upstreamHead(head, body: length)
        if length.isNone, self.stream === stream { self.finish(stream, trailers: nil) }
    }

    /// False if more bytes are needed.
    private func body(_ stream: any UpstreamEvents) throws -> Bool {
        switch try self.decoder?.next(&self.inbound) {
        case .data(let data)?:
            stream.upstreamData(data)
            // A body of known length ends with its last byte: the decoder says so without more bytes.
            if self.inbound.readableBytes == 0, self.stream === stream { return try self.bodyEnd(stream) }
            return true
        case .end(let trailers)?:
            self.finish(stream, trailers: trailers)
            return true
        case nil: return false
        }
    }

    private func bodyEnd(_ stream: any UpstreamEvents) throws -> Bool {
        guard case .end(let trailers)? = try self.decoder?.next(&self.inbound) else { return false }
        self.finish(stream, trailers: trailers)
        return true
    }

    private func finish(_ stream: any UpstreamEvents, trailers: HeaderBlock?) {
        self.stream = nil
        self.decoder = nil
        self.idleSince = .now()
        let reusable = self.persistent && self.requestEnded && self.inbound.readableBytes == 0 && self.isActive
        if !reusable { self.close() }
        stream.upstreamEnd(trailers)
        if reusable {
            self.resumeReading()
            self.pool.release(self)
        }
    }
}
