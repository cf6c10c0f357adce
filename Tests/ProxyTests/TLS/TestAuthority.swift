// SPDX-License-Identifier: Apache-2.0
import Crypto
import Foundation
import SPIFFE
import X509

/// A certificate authority for tests: a root, and what it signs.
struct TestAuthority {
    let trustDomain: TrustDomain
    let root: Certificate
    private let key = WorkloadKey()

    init(_ trustDomain: String = "cluster.local") throws {
        self.trustDomain = try TrustDomain(trustDomain)
        let name = try DistinguishedName { CommonName("root of \(trustDomain)") }
        self.root = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: self.key.certificateKey.publicKey,
            notValidBefore: Date(timeIntervalSinceNow: -3600), notValidAfter: Date(timeIntervalSinceNow: 3600), issuer: name,
            subject: name,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
                Critical(KeyUsage(keyCertSign: true))
            }, issuerPrivateKey: self.key.certificateKey)
    }

    var rootPEM: String { get throws { try CertificatePEM.text([self.root]) } }

    /// An SVID; by default for this authority's own trust domain.
    func credential(_ account: String, trustDomain: String? = nil) throws -> WorkloadCredential {
        let domain = try trustDomain.map { try TrustDomain($0) } ?? self.trustDomain
        let id = try SPIFFEID(trustDomain: domain, namespace: "default", serviceAccount: account)
        let key = WorkloadKey()
        let leaf = try self.leaf(key, names: [.uniformResourceIdentifier(id.description)])
        return try WorkloadCredential(
            key: key, svid: X509SVID(chain: [leaf]), bundle: TrustBundle(trustDomain: self.trustDomain, authorities: [self.root]))
    }

    /// Chain and key as PEM, for names of any kind.
    func server(_ names: [GeneralName], lifetime: TimeInterval = 3600) throws -> (chain: String, key: String) {
        let key = WorkloadKey()
        return (try CertificatePEM.text([self.leaf(key, names: names, lifetime: lifetime)]), key.pemText)
    }

    func leaf(_ key: WorkloadKey, names: [GeneralName], lifetime: TimeInterval = 3600) throws -> Certificate {
        try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: key.certificateKey.publicKey,
            notValidBefore: Date(timeIntervalSinceNow: -7200), notValidAfter: Date(timeIntervalSinceNow: lifetime),
            issuer: self.root.subject, subject: try DistinguishedName { CommonName("leaf") },
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true))
                SubjectAlternativeNames(names)
            }, issuerPrivateKey: self.key.certificateKey)
    }
}
