// SPDX-License-Identifier: Apache-2.0
package import X509

/// The root certificates that speak for one trust domain. Several while roots are rotated.
package struct TrustBundle: Sendable, Hashable {
    package let trustDomain: TrustDomain
    package let authorities: [Certificate]

    package init(trustDomain: TrustDomain, authorities: [Certificate]) {
        self.trustDomain = trustDomain
        self.authorities = authorities
    }

    package init(trustDomain: TrustDomain, pem: String) throws(SPIFFEError) {
        self.init(trustDomain: trustDomain, authorities: try CertificatePEM.parse(pem))
    }

    package func pemText() throws(SPIFFEError) -> String { try CertificatePEM.text(self.authorities) }
}
