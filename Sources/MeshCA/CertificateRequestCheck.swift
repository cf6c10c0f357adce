// SPDX-License-Identifier: Apache-2.0
import Crypto
package import SPIFFE
import SwiftASN1
package import X509

/// Looks at a certificate request from the network. Only its public key is taken over; a name in it has to be the caller's.
package enum CertificateRequestCheck {
    /// Bytes; a request for one name is below 1 KiB.
    package static let maximumSize = 16 * 1024

    package static func publicKey(ofRequest text: String, for id: SPIFFEID) throws(MeshCAError) -> Certificate.PublicKey {
        guard text.utf8.count <= Self.maximumSize else { throw MeshCAError(.invalidRequest, "request is too long") }
        let request: CertificateSigningRequest
        do {
            request = try CertificateSigningRequest(pemEncoded: text)
        } catch {
            throw MeshCAError(.invalidRequest, "not a PKCS #10 request in PEM")
        }
        guard request.publicKey.isValidSignature(request.signature, for: request) else {
            throw MeshCAError(.invalidRequest, "request is not signed with its own key")
        }
        guard P256.Signing.PublicKey(request.publicKey) != nil || P384.Signing.PublicKey(request.publicKey) != nil else {
            throw MeshCAError(.invalidRequest, "key is neither ECDSA P-256 nor P-384")
        }
        try Self.checkNames(request, id)
        return request.publicKey
    }

    private static func checkNames(_ request: CertificateSigningRequest, _ id: SPIFFEID) throws(MeshCAError) {
        let names: SubjectAlternativeNames?
        do {
            names = try request.attributes.extensionRequest?.extensions.subjectAlternativeNames
        } catch {
            throw MeshCAError(.invalidRequest, "unreadable names in request")
        }
        for name in names ?? SubjectAlternativeNames() {
            guard case .uniformResourceIdentifier(id.description) = name else {
                throw MeshCAError(.invalidRequest, "request names something other than \(id)")
            }
        }
    }
}
