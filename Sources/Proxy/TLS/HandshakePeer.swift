// SPDX-License-Identifier: Apache-2.0
import Crypto
import NIOCore
import NIOSSL
import SPIFFE
import SwiftASN1
import X509

/// Who stands at the other end of a finished TLS handshake.
struct HandshakePeer {
    /// nil where the certificate is no SVID.
    let identity: PeerIdentity?
    let names: [PeerName]
    /// SHA-256 of the certificate, hexadecimal.
    let certificateHash: String
    let subject: String
    /// A resumed session does not check the certificate of its first handshake again: its time may be over.
    let isInForce: Bool
    private let bytes: [UInt8]

    /// nil without TLS, or if the peer presented nothing.
    static func of(_ pipeline: ChannelPipeline.SynchronousOperations) -> HandshakePeer? {
        guard let handler = try? pipeline.handler(type: NIOSSLHandler.self), let presented = handler.peerCertificate,
            let bytes = try? presented.toDERBytes(), let certificate = try? Certificate(derEncoded: bytes)
        else { return nil }
        return HandshakePeer(certificate, bytes: bytes)
    }

    init(_ certificate: Certificate, bytes: [UInt8]) {
        self.identity = try? PeerIdentity(handshakeVerifiedLeaf: certificate)
        self.names = PeerName.all(of: certificate)
        self.certificateHash = SHA256.hash(data: bytes).map { Self.hexadecimal($0) }.joined()
        self.subject = "\(certificate.subject)"
        self.isInForce = certificate.isInForce
        self.bytes = bytes
    }

    /// SHA-256 of the subject's public key information, hexadecimal; nil if the key cannot be read.
    var keyHash: String? {
        guard let key = try? NIOSSLCertificate(bytes: self.bytes, format: .der).extractPublicKey().toSPKIBytes() else { return nil }
        return SHA256.hash(data: key).map { Self.hexadecimal($0) }.joined()
    }

    func texts(_ kind: PeerName.Kind) -> [String] { self.names.filter { $0.kind == kind }.map(\.text) }

    private static func hexadecimal(_ byte: UInt8) -> String {
        let text = String(byte, radix: 16)
        return byte < 16 ? "0" + text : text
    }
}
