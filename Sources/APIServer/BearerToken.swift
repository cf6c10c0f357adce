// SPDX-License-Identifier: Apache-2.0

/// The credential of the embedded API: one secret, held by whoever can read the kubeconfig.
package struct BearerToken: Sendable, CustomStringConvertible {
    package let secret: String
    /// Whom a caller with it counts as.
    package let user: String

    package init(secret: String, user: String = "malla-admin") {
        self.secret = secret
        self.user = user
    }

    /// Takes the same time wherever the first difference lies.
    package func matches(authorization: String?) -> Bool {
        guard let authorization, authorization.count > 7, authorization.prefix(7).lowercased() == "bearer " else { return false }
        let given = Array(authorization.utf8.dropFirst(7))
        let expected = Array(secret.utf8)
        guard given.count == expected.count, !expected.isEmpty else { return false }
        return zip(given, expected).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    package var description: String { "BearerToken(\(user))" }
}
