// SPDX-License-Identifier: Apache-2.0
import NIOCore
import NIOTLS

/// Stands behind the TLS of a client's connection: ends handshakes that take too long, and connections of peers whose names are not
/// accepted, before anybody behind it hears of them.
final class ServerHandshake: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer

    private let connection: DownstreamConnection
    private let verifier: PeerVerifier
    private let timeout: TimeAmount
    private var timer: Scheduled<Void>?
    private var isCompleted = false
    private var isRefused = false

    init(connection: DownstreamConnection, verifier: PeerVerifier, timeout: TimeAmount) {
        self.connection = connection
        self.verifier = verifier
        self.timeout = timeout
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let channel = context.channel
        self.timer = context.eventLoop.assumeIsolated().scheduleTask(in: self.timeout) { [connection] in
            connection.listenerStats.handshakeTimeouts &+= 1
            channel.close(promise: nil)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case TLSUserEvent.handshakeCompleted? = event as? TLSUserEvent else {
            return context.fireUserInboundEventTriggered(event)
        }
        self.timer?.cancel()
        self.isCompleted = true
        self.connection.handshakeCompleted(context.pipeline.syncOperations)
        if let peer = self.connection.peer, !peer.isInForce || !self.verifier.accepts(peer) {
            self.isRefused = true
            if peer.isInForce {
                self.connection.listenerStats.tls.wrongNames &+= 1
            } else {
                self.connection.listenerStats.tls.unverified &+= 1
            }
            return context.close(promise: nil)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !self.isRefused else { return }
        context.fireChannelRead(data)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if !self.isCompleted {
            self.connection.isHandshakeFailed = true
            self.connection.listenerStats.tls.failed(error)
        }
        context.fireErrorCaught(error)
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.timer?.cancel()
        context.fireChannelInactive()
    }
}
