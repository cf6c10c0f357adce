// SPDX-License-Identifier: Apache-2.0
import NIOCore
import ProxyCore
import ProxyModel

/// Holds the first bytes of a connection until its listener's filters have seen enough, then makes way.
final class ConnectionInspector: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private var inspection: ConnectionInspection
    private var listener: CompiledListener
    private let worker: ProxyWorker
    private let arrival: Arrival
    private var buffer = ByteBuffer()
    private var timer: Scheduled<Void>?
    private var isFinished = false
    private var inputEnded = false

    init(_ inspection: ConnectionInspection, listener: CompiledListener, worker: ProxyWorker, arrival: Arrival) {
        self.inspection = inspection
        self.listener = listener
        self.worker = worker
        self.arrival = arrival
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.startTimer(context.channel)
        if context.channel.isActive { context.read() }
    }

    func channelActive(context: ChannelHandlerContext) {
        context.fireChannelActive()
        context.read()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = self.unwrapInboundIn(data)
        self.buffer.writeBuffer(&bytes)
        if !self.isFinished { self.advance(context.channel) }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if !self.isFinished { context.read() }
        context.fireChannelReadComplete()
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.timer?.cancel()
        self.isFinished = true
        context.fireChannelInactive()
    }

    private func advance(_ channel: any Channel) {
        while true {
            switch self.inspection.advance(&self.buffer, originalDestination: { OriginalDestination.of(channel) }) {
            case .needsMore: return
            case .refused:
                self.stats.inspectionErrors &+= 1
                return self.end(channel, served: false)
            case .finished: break
            }
            guard let other = ConnectionAcceptor.heir(of: self.listener, self.inspection, self.worker) else {
                return self.end(channel, served: true)
            }
            self.listener = other
            self.arrival.taken(by: other, worker: self.worker)
            self.inspection.restart(other.listener.listenerFilters)
            self.timer?.cancel()
            self.startTimer(channel)
        }
    }

    private var stats: ListenerStats { self.worker.stats.listener(self.listener) }

    private func startTimer(_ channel: any Channel) {
        self.arrival.inspectionBegins(self.stats)
        let timeout = self.listener.listener.inspectionTimeout.map { TimeAmount($0) }
        self.timer = timeout.map {
            channel.eventLoop.assumeIsolated().scheduleTask(in: $0) { [weak self] in
                guard let self, !self.isFinished else { return }
                self.stats.inspectionTimeouts &+= 1
                self.end(channel, served: self.listener.listener.continuesOnInspectionTimeout)
            }
        }
    }

    /// The handlers that serve the connection stand behind this one and get the held bytes when it leaves.
    private func end(_ channel: any Channel, served: Bool) {
        self.isFinished = true
        self.timer?.cancel()
        self.arrival.inspectionEnds()
        guard served else { return channel.close(promise: nil) }
        do { try ConnectionAcceptor.serve(self.arrival, self.inspection, self.listener, self.worker) } catch {
            channel.close(promise: nil)
        }
        channel.pipeline.syncOperations.removeHandler(self, promise: nil)
    }

    func removeHandler(context: ChannelHandlerContext, removalToken: ChannelHandlerContext.RemovalToken) {
        if self.buffer.readableBytes > 0, context.channel.isActive {
            context.fireChannelRead(self.wrapInboundOut(self.buffer))
            context.fireChannelReadComplete()
        }
        context.leavePipeline(removalToken: removalToken)
    }
}
