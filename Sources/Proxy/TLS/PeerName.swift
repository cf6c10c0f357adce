// SPDX-License-Identifier: Apache-2.0
import NIOCore
import SwiftASN1
import X509

/// One name that a certificate vouches for.
struct PeerName: Sendable, Hashable {
    enum Kind: Sendable, Hashable { case dns, uri, email, ipAddress }

    var kind: Kind
    var text: String

    /// The subject alternative names of a certificate; none if they cannot be read.
    static func all(of certificate: Certificate) -> [PeerName] {
        guard let names = try? certificate.extensions.subjectAlternativeNames else { return [] }
        return names.compactMap { name in
            switch name {
            case .dnsName(let text): PeerName(kind: .dns, text: text)
            case .uniformResourceIdentifier(let text): PeerName(kind: .uri, text: text)
            case .rfc822Name(let text): PeerName(kind: .email, text: text)
            case .ipAddress(let bytes): Self.address(bytes.bytes).map { PeerName(kind: .ipAddress, text: $0) }
            default: nil
            }
        }
    }

    private static func address(_ bytes: ArraySlice<UInt8>) -> String? {
        (try? SocketAddress(packedIPAddress: ByteBuffer(bytes: bytes), port: 0))?.ipAddress
    }
}
