// SPDX-License-Identifier: Apache-2.0
import Foundation
import SPIFFE
import SwiftASN1
package import X509

/// Turns a template into a signed certificate.
package enum CertificateIssuer {
    /// - Parameter issuer: The authority's certificate; nil for one that signs itself.
    package static func issue(
        _ template: CertificateTemplate, for publicKey: Certificate.PublicKey, issuer: Certificate?,
        signingKey: Certificate.PrivateKey
    ) throws(MeshCAError) -> Certificate {
        do {
            let subject = try Self.subject(template)
            return try Certificate(
                version: .v3,
                serialNumber: Certificate.SerialNumber(),
                publicKey: publicKey,
                notValidBefore: template.notBefore,
                notValidAfter: template.notAfter,
                issuer: issuer?.subject ?? subject,
                subject: subject,
                extensions: try Self.extensions(template, publicKey: publicKey, issuer: issuer),
                issuerPrivateKey: signingKey)
        } catch {
            throw MeshCAError(.signingFailed, "\(error)")
        }
    }

    private static func subject(_ template: CertificateTemplate) throws -> DistinguishedName {
        guard let name = template.commonName else { return DistinguishedName() }
        return try DistinguishedName { CommonName(name) }
    }

    private static func extensions(
        _ template: CertificateTemplate, publicKey: Certificate.PublicKey, issuer: Certificate?
    ) throws -> Certificate.Extensions {
        let identifier = SubjectKeyIdentifier(hash: publicKey)
        var extensions = try Self.usage(template.role)
        // Without a subject the names are all there is, and have to be understood (RFC 5280, 4.2.1.6).
        try extensions.append(
            Certificate.Extension(SubjectAlternativeNames(template.names), critical: template.commonName == nil))
        try extensions.append(Certificate.Extension(identifier, critical: false))
        if let authority = try issuer?.extensions.subjectKeyIdentifier {
            try extensions.append(
                Certificate.Extension(AuthorityKeyIdentifier(keyIdentifier: authority.keyIdentifier), critical: false))
        }
        return extensions
    }

    private static func usage(_ role: CertificateTemplate.Role) throws -> Certificate.Extensions {
        switch role {
        case .root:
            try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
                Critical(KeyUsage(keyCertSign: true, cRLSign: true))
            }
        case .intermediate:
            try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                Critical(KeyUsage(keyCertSign: true, cRLSign: true))
            }
        case .workload:
            try Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true))
                try ExtendedKeyUsage([.serverAuth, .clientAuth])
            }
        case .server:
            try Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true))
                try ExtendedKeyUsage([.serverAuth])
            }
        }
    }
}
