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
    private var isRefused = false

    init(connection: DownstreamConnection, verifier: PeerVerifier, timeout: TimeAmount) {
        self.connection = connection
        self.verifier = verifier
        self.timeout = timeout
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let channel = context.channel
        self.timer = context.eventLoop.assumeIsolated().scheduleTask(in: self.timeout) { channel.close(promise: nil) }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case TLSUserEvent.handshakeCompleted? = event as? TLSUserEvent else {
            return context.fireUserInboundEventTriggered(event)
        }
        self.timer?.cancel()
        self.connection.handshakeCompleted(context.pipeline.syncOperations)
        if let peer = self.connection.peer, !peer.isInForce || !self.verifier.accepts(peer) {
            self.isRefused = true
            return context.close(promise: nil)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !self.isRefused else { return }
        context.fireChannelRead(data)
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.timer?.cancel()
        context.fireChannelInactive()
    }
}
