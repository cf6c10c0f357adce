// SPDX-License-Identifier: Apache-2.0
package import Foundation
package import SPIFFE
@_spi(FixedExpiryValidationTime) package import X509

/// A signing certificate with its key, and the way up from it to the root.
package struct Authority: Sendable {
    package let certificate: Certificate
    package let key: Certificate.PrivateKey
    /// From the signing certificate's issuer up, without the root; usually empty.
    package let upperChain: [Certificate]
    package let bundle: TrustBundle

    /// Refuses material that does not hang together or could not sign.
    package init(
        certificate: Certificate, key: Certificate.PrivateKey, upperChain: [Certificate], bundle: TrustBundle, now: Date
    ) async throws(MeshCAError) {
        guard certificate.publicKey == key.publicKey else {
            throw MeshCAError(.invalidAuthority, "ca-key.pem does not belong to ca-cert.pem")
        }
        guard case .isCertificateAuthority? = try? certificate.extensions.basicConstraints else {
            throw MeshCAError(.invalidAuthority, "ca-cert.pem is not a certificate authority")
        }
        var verifier = Verifier(rootCertificates: CertificateStore(bundle.authorities)) {
            RFC5280Policy(fixedExpiryValidationTime: now)
        }
        let result = await verifier.validate(leaf: certificate, intermediates: CertificateStore(upperChain))
        guard case .validCertificate = result else {
            throw MeshCAError(.invalidAuthority, "ca-cert.pem has no valid path to root-cert.pem")
        }
        self.certificate = certificate
        self.key = key
        self.upperChain = upperChain.filter { !bundle.authorities.contains($0) }
        self.bundle = bundle
    }

    /// What a peer needs between a leaf and the roots.
    var intermediates: [Certificate] {
        self.bundle.authorities.contains(self.certificate) ? self.upperChain : [self.certificate] + self.upperChain
    }
}
