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
    private let stats: TLSStats
    private var timer: Scheduled<Void>?
    /// The protocol that the peer has chosen, if it has.
    typealias Outcome = Result<String?, UpstreamDialer.Refusal>
    private var outcome: Outcome?
    private var callback: ((Outcome) -> Void)?

    init(expected: PeerVerifier, timeout: TimeAmount, readsByHand: Bool, stats: TLSStats) {
        self.expected = expected
        self.timeout = timeout
        self.readsByHand = readsByHand
        self.stats = stats
    }

    func onEnd(_ callback: @escaping (Outcome) -> Void) {
        if let outcome = self.outcome { return callback(outcome) }
        self.callback = callback
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.timer = context.eventLoop.assumeIsolated().scheduleTask(in: self.timeout) { [weak self] in
            self?.end(.failure(.init(failure: .connectTimeout)))
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case .handshakeCompleted(let chosen)? = event as? TLSUserEvent else {
            return context.fireUserInboundEventTriggered(event)
        }
        if self.readsByHand { try? context.channel.syncOptions?.setOption(.autoRead, value: false) }
        if !self.expected.acceptsAll {
            let peer = HandshakePeer.of(context.pipeline.syncOperations)
            if let objection = self.expected.objection(to: peer) {
                self.stats.wrongNames &+= 1
                return self.end(.failure(.init(failure: .handshakeFailed(objection))))
            }
        }
        let pipeline = context.pipeline.syncOperations
        let version = (try? pipeline.handler(type: NIOSSLHandler.self))?.tlsVersion?.text
        self.stats.completed(version: version, hasCertificate: true)
        self.end(.success(chosen))
        pipeline.removeHandler(self, promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if self.outcome == nil { self.stats.failed(error) }
        self.end(.failure(.init(failure: .handshakeFailed("\(error)"))))
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.end(.failure(.init(failure: .handshakeFailed("closed during the handshake"))))
        context.fireChannelInactive()
    }

    private func end(_ outcome: Outcome) {
        guard self.outcome == nil else { return }
        self.timer?.cancel()
        self.timer = nil
        self.outcome = outcome
        self.callback?(outcome)
        self.callback = nil
    }
}
