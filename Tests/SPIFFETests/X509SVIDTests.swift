// SPDX-License-Identifier: Apache-2.0
import Crypto
import Foundation
import SPIFFE
import Testing
import X509

struct X509SVIDTests {
    private static let web = "spiffe://cluster.local/ns/default/sa/web"

    /// A certificate of any form, signed by itself or by `issuer`.
    private static func certificate(
        uris: [String], key: WorkloadKey = WorkloadKey(), usage: KeyUsage? = KeyUsage(digitalSignature: true),
        isUsageCritical: Bool = true, isAuthority: Bool = false, issuer: (Certificate, WorkloadKey)? = nil, name: String = "x"
    ) throws -> Certificate {
        let subject = try DistinguishedName { CommonName(name) }
        var extensions = try Certificate.Extensions {
            Critical(
                isAuthority
                    ? BasicConstraints.isCertificateAuthority(maxPathLength: nil)
                    : BasicConstraints.notCertificateAuthority)
            SubjectAlternativeNames(uris.map { .uniformResourceIdentifier($0) })
        }
        if let usage { try extensions.append(Certificate.Extension(usage, critical: isUsageCritical)) }
        return try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: key.certificateKey.publicKey,
            notValidBefore: Date(timeIntervalSince1970: 1000), notValidAfter: Date(timeIntervalSince1970: 2000),
            issuer: issuer?.0.subject ?? subject, subject: subject, extensions: extensions,
            issuerPrivateKey: (issuer?.1 ?? key).certificateKey)
    }

    @Test func `an SVID's leaf keeps every rule`() throws {
        let leaf = try Self.certificate(uris: [Self.web])
        #expect(try X509SVID(chain: [leaf]).id.description == Self.web)
        let wrong = [
            try Self.certificate(uris: []),
            try Self.certificate(uris: [Self.web, "https://example.com"]),
            try Self.certificate(uris: ["spiffe://cluster.local"]),
            try Self.certificate(uris: ["https://example.com"]),
            try Self.certificate(uris: [Self.web], isAuthority: true),
            try Self.certificate(uris: [Self.web], usage: nil),
            try Self.certificate(uris: [Self.web], isUsageCritical: false),
            try Self.certificate(uris: [Self.web], usage: KeyUsage(keyAgreement: true)),
            try Self.certificate(uris: [Self.web], usage: KeyUsage(digitalSignature: true, keyCertSign: true)),
        ]
        for certificate in wrong {
            #expect(throws: SPIFFEError.self) { try X509SVID(chain: [certificate]) }
        }
        #expect(throws: SPIFFEError.self) { try X509SVID(chain: []) }
    }

    @Test func `an identity needs a path to our root, at this time, in our trust domain`() async throws {
        let rootKey = WorkloadKey()
        let root = try Self.certificate(
            uris: ["spiffe://cluster.local"], key: rootKey, usage: KeyUsage(keyCertSign: true), isAuthority: true,
            name: "root")
        let leaf = try Self.certificate(uris: [Self.web], issuer: (root, rootKey))
        let bundle = TrustBundle(trustDomain: .clusterLocal, authorities: [root])
        let now = Date(timeIntervalSince1970: 1500)
        #expect(try await PeerIdentity.verify(presented: [leaf], bundle: bundle, at: now).identity.id.description == Self.web)

        let refused: [(chain: [Certificate], bundle: TrustBundle, time: Double)] = [
            ([], bundle, 1500), ([leaf], bundle, 900), ([leaf], bundle, 2100),
            ([try Self.certificate(uris: [Self.web])], bundle, 1500),
            ([leaf], TrustBundle(trustDomain: .clusterLocal, authorities: []), 1500),
            ([leaf], TrustBundle(trustDomain: try TrustDomain("other"), authorities: [root]), 1500),
            // A leaf may not vouch for another.
            ([try Self.certificate(uris: [Self.web], issuer: (leaf, rootKey)), leaf], bundle, 1500),
        ]
        for (chain, bundle, time) in refused {
            await #expect(throws: SPIFFEError.self) {
                try await PeerIdentity.verify(presented: chain, bundle: bundle, at: Date(timeIntervalSince1970: time))
            }
        }
    }

    @Test func `a key never shows itself`() throws {
        let key = WorkloadKey()
        #expect("\(key)" == "WorkloadKey(P-256)")
        var dumped = ""
        dump(key, to: &dumped)
        #expect(!dumped.contains("PRIVATE"))
        #expect(try WorkloadKey(pem: key.pemText).signingKey.rawRepresentation == key.signingKey.rawRepresentation)
        #expect(try key.certificateSigningRequest(for: SPIFFEID(Self.web)).contains("BEGIN CERTIFICATE REQUEST"))
    }

    @Test func `a private file is its owner's alone`() throws {
        let path = NSTemporaryDirectory() + "malla-key-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try PrivateFile.write("one", to: path)
        try PrivateFile.write("two", to: path)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "two")
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
        #expect(throws: POSIXFileError.self) { try PrivateFile.write("x", to: path + "/no/such") }
    }
}
