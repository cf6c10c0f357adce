// SPDX-License-Identifier: Apache-2.0
import Foundation
import MeshCA
import SPIFFE
import X509

/// Issues credentials, all of one root.
struct TestAuthority: Sendable {
    private let key = WorkloadKey()
    private let root: Certificate
    let bundle: TrustBundle

    init(now: Date = Date()) throws {
        let template = CertificateTemplate.root(.clusterLocal, lifetime: .seconds(864_000), now: now - 864_00)
        self.root = try CertificateIssuer.issue(
            template, for: self.key.certificateKey.publicKey, issuer: nil, signingKey: self.key.certificateKey)
        self.bundle = TrustBundle(trustDomain: .clusterLocal, authorities: [self.root])
    }

    static func id(_ account: String) throws -> SPIFFEID {
        try SPIFFEID(trustDomain: .clusterLocal, namespace: "default", serviceAccount: account)
    }

    func credential(
        _ account: String = "web", notBefore: Date = Date() - 60, notAfter: Date = Date() + 3600
    ) throws -> WorkloadCredential {
        let key = WorkloadKey()
        var template = CertificateTemplate.workload(
            try Self.id(account), lifetime: .seconds(1), issuerNotAfter: notAfter, now: notBefore)
        template.notBefore = notBefore
        template.notAfter = notAfter
        let leaf = try CertificateIssuer.issue(
            template, for: key.certificateKey.publicKey, issuer: self.root, signingKey: self.key.certificateKey)
        return try WorkloadCredential(key: key, svid: try X509SVID(chain: [leaf]), bundle: self.bundle)
    }
}
