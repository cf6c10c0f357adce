// SPDX-License-Identifier: Apache-2.0

/// Says whose a join token is, or throws.
package protocol JoinTokenVerifier: Sendable {
    func verifyJoinToken(_ token: String) async throws -> SPIFFEID
}
