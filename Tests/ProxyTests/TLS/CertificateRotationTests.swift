// SPDX-License-Identifier: Apache-2.0
import MeshTestKit
import Proxy
import ProxyModel
import Testing

@Suite(.timeLimit(.minutes(1))) struct CertificateRotationTests {
    @Test func `a rotation, even of the root, drops no connection`() async throws {
        let before = try TestAuthority()
        let pair = try await ProxyPair()
        pair.install(client: try before.credential("web"), server: try before.credential("server"))
        #expect(try await pair.get().hasSuffix("hello"))

        let after = try TestAuthority()
        pair.install(client: try after.credential("web"), server: try after.credential("server"))
        #expect(try await pair.get().hasSuffix("hello"))
        #expect(await pair.server.proxy.connectionCount() == 1)
        #expect(await pair.client.proxy.clusterStatus().first?.endpoints.first?.connectionsActive == 1)

        // New connections are made with the new credential: its root is the only one that both know now.
        var snapshot = ProxyHarness.snapshot(ports: [pair.server.port])
        snapshot.clusters["c"]?.tls = ProxyPair.clientTLS
        snapshot.clusters["c"]?.connectTimeout = .seconds(4)
        try await pair.client.proxy.apply(snapshot)
        #expect(try await pair.get().hasSuffix("hello"))
        pair.install(client: try before.credential("web"), server: nil)
        snapshot.clusters["c"]?.connectTimeout = .seconds(3)
        try await pair.client.proxy.apply(snapshot)
        #expect(try await pair.get().hasPrefix("HTTP/1.1 503 "))
        try await pair.stop()
    }

    @Test func `no request fails while certificates are renewed under load`() async throws {
        let authority = try TestAuthority()
        let pair = try await ProxyPair()
        pair.install(client: try authority.credential("web"), server: try authority.credential("server"))
        try await withThrowingTaskGroup(of: Int.self) { tasks in
            for _ in 0..<4 {
                tasks.addTask {
                    var failed = 0
                    for _ in 0..<40 where !(try await pair.get().hasSuffix("hello")) { failed += 1 }
                    return failed
                }
            }
            for _ in 0..<20 {
                pair.install(client: try authority.credential("web"), server: try authority.credential("server"))
                await Task.yield()
            }
            for try await failed in tasks { #expect(failed == 0) }
        }
        try await pair.stop()
    }
}
