// SPDX-License-Identifier: Apache-2.0
package import NIOCore
import NIOSSL
import NIOTLS
package import ProxyModel

extension CertificateVault {
    /// Puts TLS as a client below everything else of a channel, on its loop, before it is connected. A peer that is not who the
    /// settings want is left before anything is said to it.
    package func secure(_ channel: any Channel, as tls: ClientTLSContext, protocols: [String]) throws {
        var tls = tls
        if tls.common.applicationProtocols.isEmpty { tls.common.applicationProtocols = protocols }
        let handler = try NIOSSLClientHandler(context: try self.clientContext(tls), serverHostname: tls.serverName)
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(PeerNameGuard(expected: PeerNameMatcher(tls.common.subjectAltNames)), position: .first)
        try pipeline.addHandler(handler, position: .first)
    }
}

/// Closes a connection whose peer does not bear one of the names.
private final class PeerNameGuard: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let expected: PeerNameMatcher

    init(expected: PeerNameMatcher) { self.expected = expected }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted? = event as? TLSUserEvent, !self.expected.acceptsAll {
            let names = HandshakePeer.of(context.pipeline.syncOperations)?.names ?? []
            guard self.expected.accepts(names) else {
                let found = names.isEmpty ? "nobody" : names.map(\.text).joined(separator: ", ")
                context.fireErrorCaught(TLSContextError.invalid("verify SAN list: peer is \(found)"))
                return context.close(promise: nil)
            }
        }
        context.fireUserInboundEventTriggered(event)
    }
}
