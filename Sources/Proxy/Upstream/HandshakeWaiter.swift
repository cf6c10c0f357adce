// SPDX-License-Identifier: Apache-2.0
import NIOCore
import NIOSSL
import NIOTLS
import ProxyModel
import SPIFFE

/// Stands behind a TLS handler until the handshake has ended and the peer's names are checked, then leaves the pipeline.
final class HandshakeWaiter: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer

    private let expected: PeerVerifier
    private let timeout: TimeAmount
    private let readsByHand: Bool
    private var timer: Scheduled<Void>?
    private var outcome: Result<Void, UpstreamDialer.Refusal>?
    private var callback: ((Result<Void, UpstreamDialer.Refusal>) -> Void)?

    init(expected: PeerVerifier, timeout: TimeAmount, readsByHand: Bool) {
        self.expected = expected
        self.timeout = timeout
        self.readsByHand = readsByHand
    }

    func onEnd(_ callback: @escaping (Result<Void, UpstreamDialer.Refusal>) -> Void) {
        if let outcome = self.outcome { return callback(outcome) }
        self.callback = callback
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.timer = context.eventLoop.assumeIsolated().scheduleTask(in: self.timeout) { [weak self] in
            self?.end(.failure(.init(failure: .connectTimeout)))
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case TLSUserEvent.handshakeCompleted? = event as? TLSUserEvent else {
            return context.fireUserInboundEventTriggered(event)
        }
        if self.readsByHand { try? context.channel.syncOptions?.setOption(.autoRead, value: false) }
        if !self.expected.acceptsAll {
            let peer = HandshakePeer.of(context.pipeline.syncOperations)
            guard let peer, self.expected.accepts(peer) else {
                let names = peer?.names ?? []
                let found = names.isEmpty ? "nobody" : names.map(\.text).joined(separator: ", ")
                return self.end(.failure(.init(failure: .handshakeFailed("verify SAN list: peer is \(found)"))))
            }
        }
        let pipeline = context.pipeline.syncOperations
        self.end(.success(()))
        pipeline.removeHandler(self, promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        self.end(.failure(.init(failure: .handshakeFailed("\(error)"))))
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.end(.failure(.init(failure: .handshakeFailed("closed during the handshake"))))
        context.fireChannelInactive()
    }

    private func end(_ outcome: Result<Void, UpstreamDialer.Refusal>) {
        guard self.outcome == nil else { return }
        self.timer?.cancel()
        self.timer = nil
        self.outcome = outcome
        self.callback?(outcome)
        self.callback = nil
    }
}
