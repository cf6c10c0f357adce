// SPDX-License-Identifier: Apache-2.0
import Foundation
import Logging
import MeshCA
import SPIFFE
import Testing
import X509
import XDSClient
import XDSServer

@Suite(.timeLimit(.minutes(1))) struct AuthenticationTests {
    @Test func `a join token gives a certificate, and that certificate the next`() async throws {
        try await TestMesh.run { mesh in
            let first = try await mesh.credential("shop", "cart")
            #expect(first.id.description == "spiffe://cluster.local/ns/shop/sa/cart")
            #expect(first.svid.notValidAfter.timeIntervalSinceNow > 86000)
            let second = try await mesh.certificateClient().requestCredential(
                for: first.id, authentication: .current(first), lifetime: .seconds(60))
            #expect(second.svid.leaf.publicKey != first.svid.leaf.publicKey)
            #expect(second.svid.notValidAfter.timeIntervalSinceNow < 61)
            #expect(mesh.server.metrics.values.certificatesIssued == 2)
        }
    }

    @Test func `no credential, a forged token and another's name are refused`() async throws {
        try await TestMesh.run { mesh in
            let other = try await JoinTokenAuthority(keyPEM: WorkloadKey().pemText, trustDomain: .clusterLocal)
            let web = WorkloadIdentity(namespace: "default", serviceAccount: "web")
            let id = try SPIFFEID("spiffe://cluster.local/ns/default/sa/web")
            let client = mesh.certificateClient()
            for token in ["", "nonsense", try await other.issue(for: web).token] {
                let error = await #expect(throws: XDSClientError.self) {
                    try await client.requestCredential(for: id, authentication: .joinToken(token))
                }
                #expect(error?.code == .unauthenticated)
                #expect(error.map { "\($0)".contains(token) } != true || token.isEmpty)
            }
            let token = try await mesh.tokens.issue(for: web).token
            let admin = try SPIFFEID("spiffe://cluster.local/ns/default/sa/admin")
            let refused = await #expect(throws: XDSClientError.self) {
                try await client.requestCredential(for: admin, authentication: .joinToken(token))
            }
            #expect(refused?.code == .refused)
        }
    }

    @Test func `a certificate of another mesh does not get through the handshake`() async throws {
        try await TestMesh.run { mesh in
            try await TestMesh.run { stranger in
                let foreign = try await stranger.credential()
                let credential = try WorkloadCredential(
                    key: foreign.key, svid: foreign.svid, bundle: mesh.authority.trustBundle)
                let error = await #expect(throws: XDSClientError.self) {
                    try await mesh.certificateClient().requestCredential(
                        for: foreign.id, authentication: .current(credential))
                }
                #expect(error?.code == .unreachable)
                // And a client does not talk to a server of another mesh.
                let client = mesh.certificateClient(bundle: stranger.authority.trustBundle)
                let token = try await mesh.tokens.issue(for: .init(namespace: "a", serviceAccount: "b")).token
                await #expect(throws: XDSClientError.self) {
                    try await client.requestCredential(
                        for: SPIFFEID("spiffe://cluster.local/ns/a/sa/b"), authentication: .joinToken(token))
                }
                #expect(mesh.server.metrics.values.certificatesIssued == 0)
            }
        }
    }

    @Test(arguments: [("other", "web"), ("default", "admin")])
    func `a node that is not the caller's gets no stream`(namespace: String, account: String) async throws {
        try await TestMesh.run { mesh in
            let client = mesh.client(
                try await mesh.credential(), node: TestMesh.node(namespace, account: account))
            let handler = RecordingHandler()
            await withTaskGroup(of: Void.self) { group in
                group.addTask { try? await client.run(handler) }
                var closed = handler.closed.makeAsyncIterator()
                let reason = await closed.next()
                #expect(reason?.contains("ermission") == true, "\(reason ?? "")")
                group.cancelAll()
            }
            #expect(mesh.server.proxyStatuses.isEmpty)
        }
    }
}
