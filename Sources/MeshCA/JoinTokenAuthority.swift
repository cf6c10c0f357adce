// SPDX-License-Identifier: Apache-2.0
package import Foundation
import JWTKit
package import SPIFFE

/// Makes and checks join tokens: short-lived proof that the API server let someone act as a service account. Good for a first
/// certificate; after that a workload proves itself with its SVID.
package final class JoinTokenAuthority: JoinTokenVerifier {
    package static let audience = "istio-ca"
    package static let maximumLifetime: Duration = .seconds(600)
    private static let issuer = "malla"
    /// Longer ones are refused unread.
    private static let maximumSize = 8 * 1024

    private let trustDomain: TrustDomain
    private let keys: JWTKeyCollection
    private let now: @Sendable () -> Date

    /// Opens the signing key of a directory, making it (0600) on first start.
    package static func open(
        directory: String, trustDomain: TrustDomain = .clusterLocal, now: @escaping @Sendable () -> Date = { Date() }
    ) async throws -> JoinTokenAuthority {
        let path = "\(directory)/join-token-key.pem"
        let pem: String
        if FileManager.default.fileExists(atPath: path) {
            pem = try String(contentsOfFile: path, encoding: .utf8)
        } else {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            pem = WorkloadKey().pemText
            try PrivateFile.write(pem, to: path)
        }
        return try await JoinTokenAuthority(keyPEM: pem, trustDomain: trustDomain, now: now)
    }

    package init(
        keyPEM: String, trustDomain: TrustDomain, now: @escaping @Sendable () -> Date = { Date() }
    ) async throws {
        let key: ES256PrivateKey
        do {
            key = try ES256PrivateKey(pem: keyPEM)
        } catch {
            throw MeshCAError(.storage, "the join-token key is not a P-256 key in PEM")
        }
        self.trustDomain = trustDomain
        self.keys = await JWTKeyCollection().add(ecdsa: key)
        self.now = now
    }

    /// - Parameter lifetime: Shortened to ten minutes.
    package func issue(
        for workload: WorkloadIdentity, lifetime: Duration = JoinTokenAuthority.maximumLifetime
    ) async throws -> (token: String, expires: Date) {
        _ = try self.identity(workload)
        let now = self.now()
        let expires = now + min(max(lifetime, .seconds(1)), Self.maximumLifetime).timeInterval
        let claims = JoinTokenClaims(
            iss: .init(value: Self.issuer),
            sub: .init(value: Self.subject(workload)),
            aud: .init(value: [Self.audience]),
            iat: .init(value: now),
            exp: .init(value: expires),
            jti: .init(value: UUID().uuidString),
            kubernetes: .init(
                namespace: workload.namespace, serviceaccount: .init(name: workload.serviceAccount)))
        return (try await self.keys.sign(claims), expires)
    }

    package func verifyJoinToken(_ token: String) async throws -> SPIFFEID {
        guard token.utf8.count <= Self.maximumSize else { throw MeshCAError(.invalidToken, "token is too long") }
        let claims: JoinTokenClaims
        do {
            claims = try await self.keys.verify(token, as: JoinTokenClaims.self)
        } catch {
            // The library's message may quote the token.
            throw MeshCAError(.invalidToken, "signature or form is wrong")
        }
        let now = self.now()
        guard claims.iss.value == Self.issuer else { throw MeshCAError(.invalidToken, "issuer is not this mesh") }
        guard claims.aud.value.contains(Self.audience) else { throw MeshCAError(.invalidToken, "audience is not istio-ca") }
        guard now < claims.exp.value else { throw MeshCAError(.invalidToken, "token has expired") }
        guard claims.exp.value.timeIntervalSince(claims.iat.value) <= Self.maximumLifetime.timeInterval + 1 else {
            throw MeshCAError(.invalidToken, "token was made to live too long")
        }
        let workload = WorkloadIdentity(
            namespace: claims.kubernetes.namespace, serviceAccount: claims.kubernetes.serviceaccount.name)
        guard claims.sub.value == Self.subject(workload) else {
            throw MeshCAError(.invalidToken, "subject and claims differ")
        }
        return try self.identity(workload)
    }

    private func identity(_ workload: WorkloadIdentity) throws -> SPIFFEID {
        try SPIFFEID(
            trustDomain: self.trustDomain, namespace: workload.namespace, serviceAccount: workload.serviceAccount)
    }

    private static func subject(_ workload: WorkloadIdentity) -> String {
        "system:serviceaccount:\(workload.namespace):\(workload.serviceAccount)"
    }
}
