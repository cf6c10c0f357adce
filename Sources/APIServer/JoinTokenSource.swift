// SPDX-License-Identifier: Apache-2.0
package import Foundation

/// Makes the join tokens that a TokenRequest asks for.
package protocol JoinTokenSource: Sendable {
    func joinToken(namespace: String, serviceAccount: String, lifetime: Duration) async throws -> (token: String, expires: Date)
}
