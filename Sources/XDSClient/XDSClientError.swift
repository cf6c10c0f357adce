// SPDX-License-Identifier: Apache-2.0

/// A failed exchange with the control plane. Never carries keys or tokens.
package struct XDSClientError: Error, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// No connection, or it broke: worth another try.
        case unreachable
        /// The control plane said no to the credential: another credential is needed.
        case unauthenticated
        /// The control plane said no to the request.
        case refused
        /// What came back is not what was asked for.
        case invalidAnswer
        /// The client's own credential cannot be used.
        case credential
    }

    package let code: Code
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { "\(self.code.rawValue): \(self.message)" }
}
