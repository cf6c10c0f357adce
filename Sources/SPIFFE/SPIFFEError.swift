// SPDX-License-Identifier: Apache-2.0

/// Why a name, certificate or chain is not an acceptable SPIFFE identity. Never carries key material.
package struct SPIFFEError: Error, Hashable, CustomStringConvertible {
    package enum Code: String, Sendable {
        case invalidTrustDomain, invalidIdentifier, invalidCertificate, untrustedChain, invalidPEM, keyFailure
    }

    package let code: Code
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { "\(self.code.rawValue): \(self.message)" }
}
