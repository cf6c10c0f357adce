// SPDX-License-Identifier: Apache-2.0
import APIServer
import Foundation
import MeshCA
import SPIFFE

/// The API server's TokenRequest, answered by the certificate authority.
struct WorkloadJoinTokens: JoinTokenSource {
    let authority: JoinTokenAuthority

    func joinToken(namespace: String, serviceAccount: String, lifetime: Duration) async throws -> (token: String, expires: Date) {
        try await authority.issue(
            for: WorkloadIdentity(namespace: namespace, serviceAccount: serviceAccount), lifetime: lifetime)
    }
}
