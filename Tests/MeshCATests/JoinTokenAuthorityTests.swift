// SPDX-License-Identifier: Apache-2.0
import Foundation
import MeshCA
import SPIFFE
import Testing

struct JoinTokenAuthorityTests {
    private static let start = Date(timeIntervalSince1970: 1_800_000_000)
    private static let web = WorkloadIdentity(namespace: "default", serviceAccount: "web")

    private static func authority(
        _ key: WorkloadKey, at time: Date = start, trustDomain: TrustDomain = .clusterLocal
    ) async throws -> JoinTokenAuthority {
        try await JoinTokenAuthority(keyPEM: key.pemText, trustDomain: trustDomain, now: { time })
    }

    @Test func `a token says whose it is, for ten minutes at most`() async throws {
        let key = WorkloadKey()
        let (token, expires) = try await Self.authority(key).issue(for: Self.web, lifetime: .seconds(86400))
        #expect(expires == Self.start + 600)
        #expect(
            try await Self.authority(key, at: Self.start + 599).verifyJoinToken(token).principal
                == "cluster.local/ns/default/sa/web")
        await #expect(throws: MeshCAError.self) {
            try await Self.authority(key, at: Self.start + 600).verifyJoinToken(token)
        }
        await #expect(throws: MeshCAError.self) { try await Self.authority(WorkloadKey()).verifyJoinToken(token) }
    }

    @Test func `a token that was tampered with is refused, and the refusal does not quote it`() async throws {
        let key = WorkloadKey()
        let authority = try await Self.authority(key)
        let token = try await authority.issue(for: Self.web).token
        let parts = token.split(separator: ".")
        let claims =
            #"{"iss":"malla","sub":"system:serviceaccount:default:admin","aud":["istio-ca"],"iat":1800000000,"exp":1800000600,"jti":"x","kubernetes.io":{"namespace":"default","serviceaccount":{"name":"admin"}}}"#
        let forged = Data(claims.utf8).base64EncodedString().replacingOccurrences(of: "=", with: "")
        let none = Data(#"{"alg":"none","typ":"JWT"}"#.utf8).base64EncodedString().replacingOccurrences(of: "=", with: "")
        for bad in ["", "a.b.c", "\(parts[0]).\(forged).\(parts[2])", "\(none).\(forged).", String(repeating: "a", count: 9000)] {
            let error = await #expect(throws: MeshCAError.self) { try await authority.verifyJoinToken(bad) }
            #expect(error?.code == .invalidToken)
            #expect(error?.message.contains(forged) == false)
        }
    }

    @Test func `names that cannot stand in an identity get no token`() async throws {
        let authority = try await Self.authority(WorkloadKey())
        for namespace in ["", "a/b", "a b"] {
            await #expect(throws: SPIFFEError.self) {
                try await authority.issue(for: WorkloadIdentity(namespace: namespace, serviceAccount: "web"))
            }
        }
    }
}
