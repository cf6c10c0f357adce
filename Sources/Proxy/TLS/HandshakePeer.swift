// SPDX-License-Identifier: Apache-2.0
import Crypto
import NIOCore
import NIOSSL
import SPIFFE
import SwiftASN1
import X509

/// Who stands at the other end of a finished TLS handshake.
struct HandshakePeer {
    let identity: PeerIdentity?
    /// SHA-256 of the certificate, hexadecimal.
    let certificateHash: String
    let subject: String

    /// nil without TLS, or if the peer presented nothing.
    static func of(_ pipeline: ChannelPipeline.SynchronousOperations) -> HandshakePeer? {
        guard let handler = try? pipeline.handler(type: NIOSSLHandler.self), let presented = handler.peerCertificate,
            let bytes = try? presented.toDERBytes(), let certificate = try? Certificate(derEncoded: bytes)
        else { return nil }
        return HandshakePeer(
            identity: try? PeerIdentity(handshakeVerifiedLeaf: certificate),
            certificateHash: SHA256.hash(data: bytes).map { Self.hexadecimal($0) }.joined(), subject: "\(certificate.subject)")
    }

    private static func hexadecimal(_ byte: UInt8) -> String {
        let text = String(byte, radix: 16)
        return byte < 16 ? "0" + text : text
    }
}
