// SPDX-License-Identifier: Apache-2.0
import Foundation
import Proxy
import ProxyModel
import SPIFFE
import Testing
import X509

/// Certificates that are replaced while the settings stay: in their files, or as secrets.
@Suite(.timeLimit(.minutes(1))) struct CertificateFilesTests {
    private struct Files {
        let folder: URL
        var chain: String { self.folder.appendingPathComponent("chain.pem").path }
        var key: String { self.folder.appendingPathComponent("key.pem").path }
        var root: String { self.folder.appendingPathComponent("root.pem").path }

        init() throws {
            self.folder = FileManager.default.temporaryDirectory.appendingPathComponent("malla-tls-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: self.folder, withIntermediateDirectories: true)
        }

        func write(_ text: String, _ path: String) throws {
            try text.write(toFile: path, atomically: true, encoding: .utf8)
        }
    }

    private static let name = "server.example.com"

    /// A request over a connection that has not been there before: a cluster with other settings has other connections.
    private func getAnew(_ pair: ProxyPair, _ tls: ClientTLSContext, _ attempt: Int) async throws -> String {
        var snapshot = ProxyHarness.snapshot(ports: [pair.server.port])
        snapshot.clusters["c"]?.tls = tls
        snapshot.clusters["c"]?.connectTimeout = .seconds(5 + attempt)
        try await pair.client.proxy.apply(snapshot)
        return try await pair.get()
    }

    @Test func `files are taken over when both halves fit, and until then what was read before stays`() async throws {
        let files = try Files()
        defer { try? FileManager.default.removeItem(at: files.folder) }
        let (first, second) = (try TestAuthority(), try TestAuthority())
        let old = try first.server([.dnsName(Self.name)])
        try files.write(old.chain, files.chain)
        try files.write(old.key, files.key)
        try files.write(first.rootPEM, files.root)
        let client = ClientTLSContext(common: TLSSettings(trust: .file(files.root)), serverName: Self.name)
        let server = ServerTLSContext(
            common: TLSSettings(certificates: [.files(chain: files.chain, key: files.key)]))
        let pair = try await ProxyPair(clientTLS: client, serverTLS: server)
        let vault = pair.server.proxy.certificates
        #expect(vault.files == [files.chain, files.key] && pair.client.proxy.certificates.files == [files.root])
        #expect(try await self.getAnew(pair, client, 1).hasSuffix("hello"))

        let new = try second.server([.dnsName(Self.name)])
        try files.write(String(new.chain.prefix(new.chain.count / 2)), files.chain)
        #expect(vault.reload([files.chain]).count == 1)
        try files.write(new.chain, files.chain)
        let failures = vault.reload([files.chain])
        #expect(failures.count == 1 && failures.first?.contains(files.key) == true, "\(failures)")
        #expect(!failures.contains { $0.contains("PRIVATE KEY") })
        #expect(try await self.getAnew(pair, client, 2).hasSuffix("hello"))

        try files.write(new.key, files.key)
        #expect(vault.reload([files.key]).isEmpty)
        #expect(try await self.getAnew(pair, client, 3).hasPrefix("HTTP/1.1 503 "))
        try files.write(second.rootPEM, files.root)
        #expect(pair.client.proxy.certificates.reload([files.root]).isEmpty)
        #expect(try await self.getAnew(pair, client, 4).hasSuffix("hello"))
        #expect(vault.reload(["/elsewhere"]).isEmpty)
        try await pair.stop()
    }

    @Test func `no handshake fails while files are replaced`() async throws {
        let files = try Files()
        defer { try? FileManager.default.removeItem(at: files.folder) }
        let authority = try TestAuthority()
        func replace() throws {
            let fresh = try authority.server([.dnsName(Self.name)])
            try files.write(fresh.chain, files.chain)
            try files.write(fresh.key, files.key)
        }
        try replace()
        let client = ClientTLSContext(common: TLSSettings(trust: .inline(try authority.rootPEM)), serverName: Self.name)
        let server = ServerTLSContext(
            common: TLSSettings(certificates: [.files(chain: files.chain, key: files.key)]))
        let pair = try await ProxyPair(clientTLS: client, serverTLS: server)
        let vault = pair.server.proxy.certificates
        for attempt in 0..<20 {
            try replace()
            async let answer = self.getAnew(pair, client, attempt)
            #expect(vault.reload([files.chain, files.key]).isEmpty)
            #expect(try await answer.hasSuffix("hello"))
        }
        try await pair.stop()
    }

    @Test func `secrets are taken over with a snapshot; a bad one changes nothing`() async throws {
        let (first, second) = (try TestAuthority(), try TestAuthority())
        func secrets(_ authority: TestAuthority) throws -> [String: TLSSecret] {
            let (chain, key) = try authority.server([.dnsName(Self.name)])
            return [
                "server": .certificate(.inline(chain: chain, key: SecretBytes(pem: key))),
                "roots": .trust(.inline(try authority.rootPEM)),
            ]
        }
        let client = ClientTLSContext(
            common: TLSSettings(trust: .secret(SecretReference(name: "roots", source: "sds"))), serverName: Self.name)
        let server = ServerTLSContext(
            common: TLSSettings(certificates: [.secret(SecretReference(name: "server", source: "sds"))]))
        let pair = try await ProxyPair(clientTLS: client, serverTLS: server)
        // Neither side has its secret yet.
        #expect(try await pair.get().hasPrefix("HTTP/1.1 503 "))
        for (attempt, authority) in [first, second].enumerated() {
            let secrets = try secrets(authority)
            try await pair.applyServer(server, secrets: secrets)
            var snapshot = ProxyHarness.snapshot(ports: [pair.server.port])
            snapshot.clusters["c"]?.tls = client
            snapshot.clusters["c"]?.connectTimeout = .seconds(5 + attempt)
            snapshot.secrets = secrets
            try await pair.client.proxy.apply(snapshot)
            #expect(try await pair.get().hasSuffix("hello"))
            var bad = secrets
            bad["server"] = secrets["roots"]
            await #expect(throws: ProxyApplyError.self) { try await pair.applyServer(server, secrets: bad) }
            #expect(try await pair.get().hasSuffix("hello"))
        }
        try await pair.stop()
    }
}
