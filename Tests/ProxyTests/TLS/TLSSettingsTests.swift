// SPDX-License-Identifier: Apache-2.0
import Crypto
import Foundation
import NIOSSL
import Proxy
import ProxyModel
import SPIFFE
import Testing
import X509

@Suite(.timeLimit(.minutes(1))) struct TLSSettingsTests {
    /// A server with a certificate of its own, a client that trusts its authority: no mesh, no client certificate.
    private func get(
        _ authority: TestAuthority, server: TLSSettings.Certificate, trust: TLSSettings.Trust,
        change: (inout ClientTLSContext, inout ServerTLSContext) -> Void = { _, _ in }
    ) async throws -> String {
        var serverTLS = ServerTLSContext(common: TLSSettings(certificates: [server]))
        var clientTLS = ClientTLSContext(common: TLSSettings(trust: trust), serverName: "server.example.com")
        change(&clientTLS, &serverTLS)
        let pair = try await ProxyPair(clientTLS: clientTLS, serverTLS: serverTLS)
        let answer = try await pair.get()
        try await pair.stop()
        return answer
    }

    @Test func `certificates come inline or from files, without a mesh`() async throws {
        let authority = try TestAuthority()
        let (chain, key) = try authority.server([.dnsName("server.example.com")])
        let inline = TLSSettings.Certificate.inline(chain: chain, key: SecretBytes(pem: key))
        #expect(try await self.get(authority, server: inline, trust: .inline(try authority.rootPEM)).hasSuffix("hello"))

        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("malla-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        func file(_ name: String, _ text: String) throws -> String {
            let path = folder.appendingPathComponent(name).path
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            return path
        }
        let files = TLSSettings.Certificate.files(chain: try file("chain.pem", chain), key: try file("key.pem", key))
        let root = TLSSettings.Trust.file(try file("root.pem", authority.rootPEM))
        #expect(try await self.get(authority, server: files, trust: root).hasSuffix("hello"))
        let other = TLSSettings.Trust.inline(try TestAuthority().rootPEM)
        #expect(try await self.get(authority, server: files, trust: other).hasPrefix("HTTP/1.1 503 "))
    }

    @Test func `DNS names are compared, a star stands for one label`() async throws {
        let authority = try TestAuthority()
        let (chain, key) = try authority.server([.dnsName("*.example.com")])
        let inline = TLSSettings.Certificate.inline(chain: chain, key: SecretBytes(pem: key))
        for (name, isAccepted) in [
            ("a.example.com", true), ("A.Example.com", true), ("a.b.example.com", false), ("example.com", false),
        ] {
            let answer = try await self.get(authority, server: inline, trust: .inline(try authority.rootPEM)) { client, _ in
                client.common.subjectAltNames = [SubjectAltNameMatch(kind: .dns, match: .exact(name, ignoringCase: false))]
            }
            #expect(answer.hasSuffix("hello") == isAccepted, "\(name)")
        }
    }

    @Test func `a server is known by the hash of its certificate or its key, with or without an authority`() async throws {
        let authority = try TestAuthority()
        let (chain, key) = try authority.server([.dnsName("a")])
        let inline = TLSSettings.Certificate.inline(chain: chain, key: SecretBytes(pem: key))
        let certificate = try NIOSSLCertificate.fromPEMBytes(Array(chain.utf8))[0]
        func hash(_ bytes: [UInt8]) -> String {
            SHA256.hash(data: bytes).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
        let whole = hash(try certificate.toDERBytes())
        let ofKey = hash(try certificate.extractPublicKey().toSPKIBytes())
        let other = String(repeating: "0", count: 64)
        let cases: [(Set<String>, Set<String>, Bool)] = [
            ([whole], [], true), ([], [ofKey], true), ([other, whole], [other], true), ([other], [ofKey], true),
            ([other], [], false), ([], [other], false), ([ofKey], [whole], false),
        ]
        for (certificates, keys, isAccepted) in cases {
            for isTrusted in [true, false] {
                let answer = try await self.get(authority, server: inline, trust: .inline(try authority.rootPEM)) { client, _ in
                    client.common.certificateHashes = certificates
                    client.common.keyHashes = keys
                    if !isTrusted { client.common.trust = nil }
                }
                #expect(answer.hasSuffix("hello") == isAccepted)
            }
        }
    }

    @Test func `versions and ciphers have to overlap`() async throws {
        let authority = try TestAuthority()
        let (chain, key) = try authority.server([.dnsName("server.example.com")])
        let inline = TLSSettings.Certificate.inline(chain: chain, key: SecretBytes(pem: key))
        let root = TLSSettings.Trust.inline(try authority.rootPEM)
        let tooOld = try await self.get(authority, server: inline, trust: root) { client, server in
            client.common.maximumVersion = .tls12
            server.common.minimumVersion = .tls13
        }
        #expect(tooOld.hasPrefix("HTTP/1.1 503 "))
        for (suite, isCommon) in [("ECDHE-ECDSA-AES256-GCM-SHA384", true), ("ECDHE-ECDSA-AES128-GCM-SHA256", false)] {
            let answer = try await self.get(authority, server: inline, trust: root) { client, server in
                client.common.maximumVersion = .tls12
                client.common.cipherSuites = [suite]
                server.common.cipherSuites = ["[ECDHE-ECDSA-AES256-GCM-SHA384|ECDHE-ECDSA-CHACHA20-POLY1305]"]
            }
            #expect(answer.hasSuffix("hello") == isCommon)
        }
    }

    @Test func `a file that is not there is one cluster's trouble`() async throws {
        let authority = try TestAuthority()
        let (chain, key) = try authority.server([.dnsName("server.example.com")])
        let inline = TLSSettings.Certificate.inline(chain: chain, key: SecretBytes(pem: key))
        let answer = try await self.get(authority, server: inline, trust: .file("/nowhere.pem"))
        #expect(answer.hasPrefix("HTTP/1.1 503 "))
        #expect(answer.contains("trusted roots /nowhere.pem"))
    }

    /// NIOSSL traps on some of these.
    @Test func `settings that can never work are refused before they run`() async throws {
        let authority = try TestAuthority()
        let (chain, key) = try authority.server([.dnsName("server.example.com")])
        let good = TLSSettings(certificates: [.inline(chain: chain, key: SecretBytes(pem: key))])
        let (_, otherKey) = try authority.server([.dnsName("other")])
        var bad: [(TLSSettings, String)] = []
        func add(_ reason: String, _ change: (inout TLSSettings) -> Void) {
            var settings = good
            change(&settings)
            bad.append((settings, reason))
        }
        add("cipher suite") { $0.cipherSuites = ["NONSENSE"] }
        add("cipher suite") { $0.cipherSuites = ["TLS_AES_128_GCM_SHA256"] }
        add("ALPN") { $0.applicationProtocols = ["ñ"] }
        add("ALPN") { $0.applicationProtocols = [""] }
        add("ALPN") { $0.applicationProtocols = [String(repeating: "a", count: 256)] }
        add("versions") {
            $0.minimumVersion = .tls13; $0.maximumVersion = .tls12
        }
        add("") { $0.certificates = [.inline(chain: chain, key: SecretBytes(pem: otherKey))] }
        add("inline") { $0.certificates = [.inline(chain: "no PEM", key: SecretBytes(pem: key))] }
        add("trusted roots") { $0.trust = .inline("no PEM") }
        add("secret") { $0.certificates = [.secret(SecretReference(name: "unknown", source: ""))] }
        let harness = try await ProxyHarness()
        for (settings, reason) in bad {
            var snapshot = ProxyHarness.snapshot(ports: [1])
            snapshot.listeners["l"]?.filterChains[0].tls = ServerTLSContext(common: settings)
            let error = await #expect(throws: ProxyApplyError.self) { try await harness.proxy.apply(snapshot) }
            #expect(error?.subject == "listener l")
            #expect(error?.reason.contains(reason) ?? false || reason.isEmpty, "\(error?.reason ?? "") names \(reason)")
            #expect(!(error?.reason.contains("PRIVATE KEY") ?? true))
        }
        try await harness.stop()
    }
}
