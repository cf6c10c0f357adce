// SPDX-License-Identifier: Apache-2.0
import Foundation
import Logging
import MeshCA
import SPIFFE
import Synchronization
import Testing
import X509

struct MeshCertificateAuthorityTests {
    private static let start = Date(timeIntervalSince1970: 1_800_000_000)
    private static let web = try? SPIFFEID("spiffe://cluster.local/ns/default/sa/web")

    /// A clock that the test moves.
    private final class TestClock: Sendable {
        private let time = Mutex(MeshCertificateAuthorityTests.start)
        var now: Date { self.time.withLock { $0 } }
        func advance(days: Double) { self.time.withLock { $0 += days * 86400 } }
    }

    private static func withDirectory<Result>(_ body: (String) async throws -> Result) async throws -> Result {
        let directory = NSTemporaryDirectory() + "malla-ca-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: directory) }
        return try await body(directory)
    }

    private static func open(_ directory: String, _ clock: TestClock) async throws -> MeshCertificateAuthority {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        return try await .open(
            configuration: MeshCAConfiguration(directory: directory), now: { clock.now }, logger: logger)
    }

    @Test func `the first start makes a root that the next start finds, readable by its owner alone`() async throws {
        try await Self.withDirectory { directory in
            let clock = TestClock()
            let first = try await Self.open(directory, clock).trustBundle
            let second = try await Self.open(directory, clock).trustBundle
            #expect(first == second)
            for (file, mode) in [("root-key.pem", 0o600), ("ca-key.pem", 0o600), ("", 0o700)] {
                let attributes = try FileManager.default.attributesOfItem(atPath: "\(directory)/\(file)")
                #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == mode, "\(file)")
            }
            let root = try #require(first.authorities.first)
            #expect(root.notValidAfter.timeIntervalSince(Self.start) > 3649 * 86400)
        }
    }

    @Test func `an SVID is for the proven identity, for a day, and verifies`() async throws {
        try await Self.withDirectory { directory in
            let clock = TestClock()
            let authority = try await Self.open(directory, clock)
            let id = try #require(Self.web)
            let key = WorkloadKey()
            let chain = try await authority.issueCertificate(
                request: key.certificateSigningRequest(for: id), for: id, lifetime: .seconds(900 * 86400))
            let verified = try await PeerIdentity.verify(
                presented: chain, bundle: authority.trustBundle, at: clock.now)
            #expect(verified.identity.id == id)
            #expect(key.matches(verified.identity.leaf))
            #expect(verified.identity.leaf.notValidAfter.timeIntervalSince(clock.now) == 86400)
            #expect(chain.last == authority.trustBundle.authorities.first)
            let short = try await authority.issueCertificate(
                request: key.certificateSigningRequest(for: id), for: id, lifetime: .seconds(30))
            #expect(short.first?.notValidAfter.timeIntervalSince(clock.now) == 30)
        }
    }

    @Test func `requests that ask for anything else are refused`() async throws {
        try await Self.withDirectory { directory in
            let authority = try await Self.open(directory, TestClock())
            let id = try #require(Self.web)
            let admin = try SPIFFEID("spiffe://cluster.local/ns/default/sa/admin")
            let requests = [
                "", "nonsense", String(repeating: "x", count: 100_000), WorkloadKey().pemText,
                try WorkloadKey().certificateSigningRequest(for: admin),
            ]
            for request in requests {
                await #expect(throws: MeshCAError.self) {
                    try await authority.issueCertificate(request: request, for: id, lifetime: nil)
                }
            }
            let foreign = try SPIFFEID("spiffe://other/ns/default/sa/web")
            let request = try WorkloadKey().certificateSigningRequest(for: foreign)
            await #expect(throws: MeshCAError.self) {
                try await authority.issueCertificate(request: request, for: foreign, lifetime: nil)
            }
        }
    }

    @Test func `serving certificate and intermediate are renewed in time, the root stays`() async throws {
        try await Self.withDirectory { directory in
            let clock = TestClock()
            let authority = try await Self.open(directory, clock)
            let id = try #require(Self.web)
            let first = try authority.servingCertificate
            #expect(try authority.servingCertificate.serial == first.serial)
            clock.advance(days: 4)
            #expect(try authority.servingCertificate.serial == first.serial + 1)

            clock.advance(days: 300)
            let bundle = authority.trustBundle
            let chain = try await authority.issueCertificate(
                request: WorkloadKey().certificateSigningRequest(for: id), for: id, lifetime: nil)
            #expect(chain.count == 3)
            #expect(chain[1].notValidBefore > Self.start)
            #expect(authority.trustBundle == bundle)
            #expect(try authority.servingCertificate.chain[1] == chain[1])
        }
    }

    @Test func `an operator's own authority is used as it is, and refused if it does not hang together`() async throws {
        try await Self.withDirectory { source in
            let clock = TestClock()
            let original = try await Self.open(source, clock)
            try await Self.withDirectory { directory in
                try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
                for file in ["root-cert.pem", "cert-chain.pem", "ca-cert.pem", "ca-key.pem"] {
                    try FileManager.default.copyItem(atPath: "\(source)/\(file)", toPath: "\(directory)/\(file)")
                }
                let plugged = try await Self.open(directory, clock)
                #expect(plugged.trustBundle == original.trustBundle)
                #expect(!FileManager.default.fileExists(atPath: "\(directory)/root-key.pem"))

                try PrivateFile.write(WorkloadKey().pemText, to: "\(directory)/ca-key.pem")
                await #expect(throws: MeshCAError.self) { try await Self.open(directory, clock) }
                try FileManager.default.removeItem(atPath: "\(directory)/ca-key.pem")
                let missing = await #expect(throws: MeshCAError.self) { try await Self.open(directory, clock) }
                #expect(missing?.message.contains("ca-key.pem") == true)
            }
        }
    }
}
