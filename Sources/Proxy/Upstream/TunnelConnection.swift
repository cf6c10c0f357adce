// SPDX-License-Identifier: Apache-2.0
import HTTP1
import NIOCore

/// A connection to an endpoint that takes the bytes of one CONNECT tunnel as they are: the tunnel's HTTP ends in this proxy.
///
/// Belongs to its event loop. Each direction may end before the other.
final class TunnelConnection: ChannelInboundHandler, UpstreamExchange {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let pool: TunnelPool
    private var context: ChannelHandlerContext?
    private var events: (any UpstreamEvents)?
    private var reads = false
    private var isPaused = false
    private var hasUnflushed = false
    private var ends = TunnelEnds()
    private var isBroken = false
    private(set) var localAddressText: String?
    private(set) var bytesReceived = 0
    private(set) var bytesSent = 0
    /// Its end came behind ours, or it broke the connection.
    private(set) var isEndedByPeer = false
    var version: HTTPVersion? { nil }

    init(pool: TunnelPool) { self.pool = pool }

    var isWritable: Bool { self.context?.channel.isWritable ?? false }

    // MARK: What the request does

    /// The endpoint has been reached: that is the answer to CONNECT.
    func begin(_ head: RequestHead, body: BodyLength, events: any UpstreamEvents) {
        self.events = events
        events.upstreamHead(ResponseHead(status: 200, headers: []), body: .untilClose)
        self.updateReading()
    }

    func send(_ data: ByteBuffer) {
        guard data.readableBytes > 0, !self.ends.output else { return }
        self.hasUnflushed = true
        self.bytesSent &+= data.readableBytes
        self.context?.write(self.wrapOutboundOut(data), promise: nil)
    }

    func end(_ trailers: HeaderBlock?) {
        guard !self.ends.output, let context = self.context else { return }
        self.ends.output = true
        self.flush()
        context.closeOutputWhenWritten { [weak self] in
            self?.ends.outputWritten = true
            self?.movedOn()
        }
        self.movedOn()
    }

    func flush() {
        guard self.hasUnflushed else { return }
        self.hasUnflushed = false
        self.context?.flush()
    }

    func pauseReading() {
        self.isPaused = true
        self.updateReading()
    }

    func resumeReading() {
        self.isPaused = false
        self.updateReading()
    }

    func cancel() {
        self.events = nil
        self.context?.close(promise: nil)
    }

    private func updateReading() {
        let reads = self.events != nil && !self.isPaused
        guard reads != self.reads, let context = self.context else { return }
        self.reads = reads
        try? context.channel.syncOptions?.setOption(.autoRead, value: reads)
    }

    private func movedOn() {
        if self.ends.isOver { return self.cancel() }
        guard self.ends.isEnding, let context = self.context else { return }
        context.eventLoop.assumeIsolated().scheduleTask(in: TunnelEnds.flushTime) { [weak self] in self?.cancel() }
    }

    // MARK: What the channel says

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        self.localAddressText = context.localAddress?.text
    }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = self.unwrapInboundIn(data)
        self.bytesReceived &+= bytes.readableBytes
        self.events?.upstreamData(bytes)
    }

    func channelReadComplete(context: ChannelHandlerContext) { self.events?.upstreamReadComplete() }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        self.events?.upstreamWritabilityChanged(context.channel.isWritable)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? ChannelEvent, event == .inputClosed {
            self.ends.input = true
            self.isEndedByPeer = self.ends.outputWritten
            self.events?.upstreamInputEnded()
            self.movedOn()
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.pool.connectionClosed(self)
        let events = self.events
        self.events = nil
        // After the end of our side the endpoint's own end closes the channel at once.
        if self.ends.outputWritten, !self.isBroken { return events?.upstreamEnd(nil) ?? () }
        events?.upstreamFailed(.closed(responseStarted: true, reused: false))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        self.isBroken = true
        self.isEndedByPeer = true
        context.close(promise: nil)
    }
}
