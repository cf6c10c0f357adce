// SPDX-License-Identifier: Apache-2.0
package import Foundation
@_spi(FixedExpiryValidationTime) package import X509

/// Who a peer has proved to be. Only comes out of a verified chain.
package struct PeerIdentity: Sendable, Hashable {
    package let id: SPIFFEID
    package let leaf: Certificate

    /// Takes the identity from a chain that has been verified, by `verify` or by the TLS library's own verification
    /// against the roots of `trustDomain` (then the handshake must have finished).
    package init(verifiedChain: ValidatedCertificateChain, trustDomain: TrustDomain? = nil) throws(SPIFFEError) {
        try self.init(handshakeVerifiedLeaf: verifiedChain.leaf, trustDomain: trustDomain)
    }

    /// For TLS libraries that verify the chain themselves and hand over only the leaf after the handshake.
    package init(handshakeVerifiedLeaf leaf: Certificate, trustDomain: TrustDomain? = nil) throws(SPIFFEError) {
        let id = try X509SVID.identity(ofLeaf: leaf)
        if let trustDomain, id.trustDomain != trustDomain {
            throw SPIFFEError(.untrustedChain, "identity is of trust domain \(id.trustDomain), not \(trustDomain)")
        }
        self.id = id
        self.leaf = leaf
    }

    /// Verifies what a peer presented (leaf first) against a bundle at a moment in time.
    package static func verify(
        presented: [Certificate],
        bundle: TrustBundle,
        at time: Date
    ) async throws(SPIFFEError) -> (identity: PeerIdentity, chain: ValidatedCertificateChain) {
        guard let leaf = presented.first else { throw SPIFFEError(.untrustedChain, "peer presented no certificate") }
        var verifier = Verifier(rootCertificates: CertificateStore(bundle.authorities)) {
            RFC5280Policy(fixedExpiryValidationTime: time)
            SVIDPolicy(trustDomain: bundle.trustDomain)
        }
        let result = await verifier.validate(leaf: leaf, intermediates: CertificateStore(presented.dropFirst()))
        switch result {
        case .validCertificate(let chain):
            return (try PeerIdentity(verifiedChain: chain, trustDomain: bundle.trustDomain), chain)
        case .couldNotValidate(let failures):
            let reasons = failures.map { "\($0.policyFailureReason)" }.joined(separator: "; ")
            throw SPIFFEError(.untrustedChain, reasons.isEmpty ? "no path to a trusted root" : reasons)
        }
    }
}
