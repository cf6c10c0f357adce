// SPDX-License-Identifier: Apache-2.0
import NIOCore
import Proxy
import ProxyModel
import SPIFFE
import Testing
import X509

@Suite(.timeLimit(.minutes(1))) struct MutualTLSTests {
    private func names(_ match: TextMatch, _ kind: SubjectAltNameMatch.Kind = .uri) -> [SubjectAltNameMatch] {
        [SubjectAltNameMatch(kind: kind, match: match)]
    }

    @Test func `two sidecars prove who they are, and rules see it`() async throws {
        let authority = try TestAuthority()
        let pair = try await ProxyPair(allowing: "spiffe://cluster.local/ns/default/sa/web")
        pair.install(client: try authority.credential("web"), server: try authority.credential("server"))
        #expect(try await pair.get().hasSuffix("hello"))
        pair.install(client: try authority.credential("other"), server: nil)
        // What stands keeps the identity it was made with; a new connection has the new one.
        #expect(try await pair.get().hasSuffix("hello"))
        await pair.client.proxy.stop()
        let second = try await ProxyPair(allowing: "spiffe://cluster.local/ns/default/sa/web")
        second.install(client: try authority.credential("other"), server: try authority.credential("server"))
        #expect(try await second.get().hasPrefix("HTTP/1.1 403 "))
        try await pair.stop()
        try await second.stop()
    }

    @Test func `strict refuses plaintext and permissive takes it`() async throws {
        let authority = try TestAuthority()
        for isPermissive in [false, true] {
            let pair = try await ProxyPair(isPermissive: isPermissive)
            pair.install(client: try authority.credential("web"), server: try authority.credential("server"))
            let plain = try await pair.server.get("/")
            #expect(plain.hasSuffix("hello") == isPermissive)
            #expect(plain.isEmpty == !isPermissive)
            #expect(try await pair.get().hasSuffix("hello"))
            try await pair.stop()
        }
    }

    @Test func `another trust domain is refused, by its root and by its name`() async throws {
        let authority = try TestAuthority()
        let stranger = try await ProxyPair()
        stranger.install(client: try TestAuthority("other").credential("web"), server: try authority.credential("server"))
        #expect(try await stranger.get().hasPrefix("HTTP/1.1 503 "))
        try await stranger.stop()

        var tls = ProxyPair.serverTLS
        tls.common.subjectAltNames = self.names(.prefix("spiffe://cluster.local/", ignoringCase: false))
        let named = try await ProxyPair(serverTLS: tls)
        let credential = try authority.credential("web", trustDomain: "other")
        named.install(client: credential, server: try authority.credential("server"))
        #expect(try await named.get().hasPrefix("HTTP/1.1 503 "))
        named.install(client: try authority.credential("web"), server: nil)
        #expect(try await named.get().hasSuffix("hello"))
        try await named.stop()
    }

    @Test func `without a secret nothing is spoken`() async throws {
        let pair = try await ProxyPair()
        let answer = try await pair.get()
        #expect(answer.hasPrefix("HTTP/1.1 503 "))
        try await pair.stop()
    }

    /// Found in review: such a chain took any certificate, and no certificate of it was asked for.
    @Test func `a client certificate that is not required has to be right if it comes`() async throws {
        let authority = try TestAuthority()
        var server = ProxyPair.serverTLS
        server.requiresClientCertificate = false
        var anonymous = ProxyPair.clientTLS
        anonymous.common.certificates = []

        let nobody = try await ProxyPair(clientTLS: anonymous, serverTLS: server)
        nobody.install(client: try authority.credential("web"), server: try authority.credential("server"))
        #expect(try await nobody.get().hasSuffix("hello"))
        try await nobody.stop()

        let known = try await ProxyPair(serverTLS: server, allowing: "spiffe://cluster.local/ns/default/sa/web")
        known.install(client: try authority.credential("web"), server: try authority.credential("server"))
        #expect(try await known.get().hasSuffix("hello"))
        try await known.stop()

        // Trusts the server's root, presents a certificate of another.
        let (chain, key) = try TestAuthority().server([.uniformResourceIdentifier("spiffe://cluster.local/ns/default/sa/web")])
        var forged = ProxyPair.clientTLS
        forged.common.certificates = [.inline(chain: chain, key: SecretBytes(pem: key))]
        let stranger = try await ProxyPair(clientTLS: forged, serverTLS: server)
        stranger.install(client: try authority.credential("web"), server: try authority.credential("server"))
        #expect(try await stranger.get().hasPrefix("HTTP/1.1 503 "))
        try await stranger.stop()
    }

    @Test(
        arguments: [
            (TextMatch.exact("spiffe://cluster.local/ns/default/sa/server", ignoringCase: false), true),
            (.exact("spiffe://cluster.local/ns/default/sa/serve", ignoringCase: false), false),
            (.prefix("spiffe://cluster.local/ns/default/", ignoringCase: false), true),
            (.prefix("spiffe://cluster.local/ns/other/", ignoringCase: false), false),
            (.suffix("/sa/server", ignoringCase: false), true),
            (.regex("spiffe://[a-z.]+/ns/default/sa/s.*"), true),
            (.regex("ns/default"), false),
        ])
    func `the server has to be who is expected`(match: TextMatch, isAccepted: Bool) async throws {
        let authority = try TestAuthority()
        var tls = ProxyPair.clientTLS
        tls.common.subjectAltNames = self.names(match)
        let pair = try await ProxyPair(clientTLS: tls)
        pair.install(client: try authority.credential("web"), server: try authority.credential("server"))
        let answer = try await pair.get()
        #expect(answer.hasSuffix("hello") == isAccepted)
        #expect(answer.contains("verify SAN list") == !isAccepted)
        try await pair.stop()
    }

    @Test func `an expired certificate is refused`() async throws {
        let authority = try TestAuthority()
        let (chain, key) = try authority.server([.dnsName("server")], lifetime: -60)
        var server = ProxyPair.serverTLS
        server.common.certificates = [.inline(chain: chain, key: SecretBytes(pem: key))]
        let pair = try await ProxyPair(serverTLS: server)
        pair.install(client: try authority.credential("web"), server: try authority.credential("server"))
        #expect(try await pair.get().hasPrefix("HTTP/1.1 503 "))
        try await pair.stop()
    }
}
