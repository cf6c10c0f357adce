// SPDX-License-Identifier: Apache-2.0

/// A failed operation of the certificate authority. Never carries keys or tokens.
package struct MeshCAError: Error, Hashable, CustomStringConvertible {
    package enum Code: String, Sendable {
        case invalidRequest, invalidAuthority, signingFailed, issuedCertificateWrong, invalidToken, storage
    }

    package let code: Code
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { "\(self.code.rawValue): \(self.message)" }
}
