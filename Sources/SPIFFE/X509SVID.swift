// SPDX-License-Identifier: Apache-2.0
package import Foundation
package import X509

/// A certificate chain whose leaf has the form of an X.509-SVID (X509-SVID.md). The form says nothing about trust:
/// that is `PeerIdentity`.
package struct X509SVID: Sendable, Hashable {
    package let id: SPIFFEID
    /// Leaf first, then intermediates; without the root.
    package let chain: [Certificate]
    package let leaf: Certificate

    /// - Parameter chain: Leaf first; at least one certificate.
    package init(chain: [Certificate]) throws(SPIFFEError) {
        guard let leaf = chain.first else { throw SPIFFEError(.invalidCertificate, "certificate chain is empty") }
        self.id = try Self.identity(ofLeaf: leaf)
        self.chain = chain
        self.leaf = leaf
    }

    package init(pem: String) throws(SPIFFEError) {
        try self.init(chain: try CertificatePEM.parse(pem))
    }

    package var notValidBefore: Date { self.leaf.notValidBefore }
    package var notValidAfter: Date { self.leaf.notValidAfter }

    /// The SPIFFE ID of a leaf, if the certificate keeps every rule for leaves: exactly one URI name, a path that is not the
    /// root, no authority, digitalSignature in a critical key usage, neither keyCertSign nor cRLSign.
    package static func identity(ofLeaf leaf: Certificate) throws(SPIFFEError) -> SPIFFEID {
        let extensions = leaf.extensions
        let names: SubjectAlternativeNames?
        let constraints: BasicConstraints?
        let usage: KeyUsage?
        do {
            names = try extensions.subjectAlternativeNames
            constraints = try extensions.basicConstraints
            usage = try extensions.keyUsage
        } catch {
            throw SPIFFEError(.invalidCertificate, "unreadable certificate extension: \(error)")
        }
        var uris: [String] = []
        for name in names ?? SubjectAlternativeNames() {
            if case .uniformResourceIdentifier(let uri) = name { uris.append(uri) }
        }
        guard uris.count == 1, let uri = uris.first else {
            throw SPIFFEError(.invalidCertificate, "leaf has \(uris.count) URI names instead of one")
        }
        let id = try SPIFFEID(uri)
        guard !id.path.isEmpty else { throw SPIFFEError(.invalidCertificate, "leaf names the trust domain itself") }
        if case .isCertificateAuthority? = constraints {
            throw SPIFFEError(.invalidCertificate, "leaf is a certificate authority")
        }
        guard let usage, extensions[oid: .X509ExtensionID.keyUsage]?.critical == true else {
            throw SPIFFEError(.invalidCertificate, "leaf has no critical key usage")
        }
        guard usage.digitalSignature, !usage.keyCertSign, !usage.cRLSign else {
            throw SPIFFEError(.invalidCertificate, "leaf's key usage is not that of a workload")
        }
        return id
    }
}
