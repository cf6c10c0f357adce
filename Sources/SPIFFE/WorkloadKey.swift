// SPDX-License-Identifier: Apache-2.0
package import Crypto
import Foundation
import SwiftASN1
package import X509

/// A workload's private key (ECDSA P-256). It is made here and leaves the process only where a caller asks for its PEM text.
package struct WorkloadKey: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package let signingKey: P256.Signing.PrivateKey

    package init() { self.signingKey = P256.Signing.PrivateKey() }

    package init(pem: String) throws(SPIFFEError) {
        do {
            self.signingKey = try P256.Signing.PrivateKey(pemRepresentation: pem)
        } catch {
            throw SPIFFEError(.keyFailure, "not a PEM P-256 private key")
        }
    }

    /// For signing with swift-certificates.
    package var certificateKey: Certificate.PrivateKey { Certificate.PrivateKey(self.signingKey) }

    /// PKCS #8 PEM. Secret: never log it; files only through `PrivateFile`.
    package var pemText: String { self.signingKey.pemRepresentation + "\n" }

    /// Whether `certificate` was issued for this key.
    package func matches(_ certificate: Certificate) -> Bool {
        self.certificateKey.publicKey == certificate.publicKey
    }

    /// A PKCS #10 request in PEM for one URI name, signed with this key.
    package func certificateSigningRequest(for id: SPIFFEID) throws(SPIFFEError) -> String {
        do {
            let extensions = try Certificate.Extensions {
                SubjectAlternativeNames([.uniformResourceIdentifier(id.description)])
            }
            let request = try CertificateSigningRequest(
                version: .v1,
                subject: DistinguishedName(),
                privateKey: self.certificateKey,
                attributes: CertificateSigningRequest.Attributes([.init(ExtensionRequest(extensions: extensions))]),
                signatureAlgorithm: .ecdsaWithSHA256)
            return try request.serializeAsPEM().pemString + "\n"
        } catch {
            throw SPIFFEError(.keyFailure, "cannot make certificate request: \(error)")
        }
    }

    package var description: String { "WorkloadKey(P-256)" }
    package var debugDescription: String { self.description }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
