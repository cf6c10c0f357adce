// SPDX-License-Identifier: Apache-2.0
import Foundation
import JWTKit

/// What a join token says: as a Kubernetes service-account token says it.
struct JoinTokenClaims: JWTPayload {
    struct Workload: Codable, Sendable {
        struct Account: Codable, Sendable { var name: String }
        var namespace: String
        var serviceaccount: Account
    }

    var iss: IssuerClaim
    var sub: SubjectClaim
    var aud: AudienceClaim
    var iat: IssuedAtClaim
    var exp: ExpirationClaim
    var jti: IDClaim
    var kubernetes: Workload

    enum CodingKeys: String, CodingKey {
        case iss, sub, aud, iat, exp, jti
        case kubernetes = "kubernetes.io"
    }

    /// Signature only: time and audience are checked by `JoinTokenAuthority`, against its own clock.
    func verify(using algorithm: some JWTAlgorithm) async throws {}
}
