// SPDX-License-Identifier: Apache-2.0
import Foundation
import MeshTestKit
import NIOCore
import Proxy
import ProxyModel
import SPIFFE
import Testing

@Suite(.timeLimit(.minutes(1))) struct SessionResumptionTests {
    static let openssl = ProgramRun.path(of: "openssl")

    /// One request through `openssl s_client`; what it says, with the answer.
    private func request(_ arguments: [String], port: Int) async throws -> String {
        try await ProgramRun.run(
            "openssl", ["s_client", "-connect", "127.0.0.1:\(port)", "-ign_eof"] + arguments,
            input: "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        ).output
    }

    @Test(.enabled(if: openssl != nil, "openssl is not installed"), arguments: ["-tls1_2", "-tls1_3"])
    func `a resumed session still says who the client is`(version: String) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("malla-resume-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let authority = try TestAuthority()
        let client = try authority.credential("web")
        let certificate = folder.appendingPathComponent("client.pem").path
        try (CertificatePEM.text(client.svid.chain) + client.key.pemText).write(
            toFile: certificate, atomically: true, encoding: .utf8)
        let session = folder.appendingPathComponent("session.pem").path

        let pair = try await ProxyPair(allowing: "spiffe://cluster.local/ns/default/sa/web")
        pair.install(client: nil, server: try authority.credential("server"))
        let port = pair.server.port
        let first = try await self.request([version, "-cert", certificate, "-sess_out", session], port: port)
        #expect(first.contains("New, ") && first.contains("HTTP/1.1 200 "))
        // Without the certificate: it is the session that vouches.
        let second = try await self.request([version, "-sess_in", session], port: port)
        #expect(second.contains("Reused, ") && second.contains("HTTP/1.1 200 "))
        // A renewed credential ends what rested on the old one.
        pair.install(client: nil, server: try authority.credential("server"))
        let third = try await self.request([version, "-sess_in", session], port: port)
        #expect(!third.contains("Reused, ") && !third.contains("HTTP/1.1 200 "))
        try await pair.stop()
    }
}
