// SPDX-License-Identifier: Apache-2.0
package import Foundation
package import SPIFFE
package import X509

/// Looks at a certificate after signing and before it leaves: a fault in template or issuer must not become an identity.
package enum IssuedCertificateCheck {
    package static func check(
        _ chain: [Certificate], is id: SPIFFEID, publicKey: Certificate.PublicKey, bundle: TrustBundle, lifetime: Duration,
        now: Date
    ) async throws(MeshCAError) {
        do {
            let verified = try await PeerIdentity.verify(presented: chain, bundle: bundle, at: now)
            guard verified.identity.id == id else {
                throw MeshCAError(.issuedCertificateWrong, "it names \(verified.identity.id) instead of \(id)")
            }
            guard verified.identity.leaf.publicKey == publicKey else {
                throw MeshCAError(.issuedCertificateWrong, "it is for another key")
            }
            guard verified.identity.leaf.notValidAfter.timeIntervalSince(now) <= lifetime.timeInterval + 1 else {
                throw MeshCAError(.issuedCertificateWrong, "it is valid for too long")
            }
        } catch let error as MeshCAError {
            throw error
        } catch {
            throw MeshCAError(.issuedCertificateWrong, "\(error)")
        }
    }
}
