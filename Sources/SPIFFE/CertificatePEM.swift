// SPDX-License-Identifier: Apache-2.0
import SwiftASN1
package import X509

/// PEM text to certificates and back. Only `CERTIFICATE` blocks are accepted.
package enum CertificatePEM {
    package static func parse(_ text: String) throws(SPIFFEError) -> [Certificate] {
        do {
            let certificates = try PEMDocument.parseMultiple(pemString: text).map { try Certificate(pemDocument: $0) }
            guard !certificates.isEmpty else { throw SPIFFEError(.invalidPEM, "no certificate in PEM text") }
            return certificates
        } catch let error as SPIFFEError {
            throw error
        } catch {
            throw SPIFFEError(.invalidPEM, "not a PEM list of certificates: \(error)")
        }
    }

    /// Each block ends with a line feed, so the texts can be joined.
    package static func text(_ certificates: [Certificate]) throws(SPIFFEError) -> String {
        do {
            return try certificates.map { try $0.serializeAsPEM().pemString + "\n" }.joined()
        } catch {
            throw SPIFFEError(.invalidCertificate, "cannot serialise certificate: \(error)")
        }
    }

    package static func parse(der bytes: [UInt8]) throws(SPIFFEError) -> Certificate {
        do {
            return try Certificate(derEncoded: bytes)
        } catch {
            throw SPIFFEError(.invalidCertificate, "not a DER certificate: \(error)")
        }
    }

    package static func der(_ certificate: Certificate) throws(SPIFFEError) -> [UInt8] {
        do {
            var serializer = DER.Serializer()
            try serializer.serialize(certificate)
            return serializer.serializedBytes
        } catch {
            throw SPIFFEError(.invalidCertificate, "cannot serialise certificate: \(error)")
        }
    }
}
