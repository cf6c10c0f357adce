// SPDX-License-Identifier: Apache-2.0
import Crypto
import Foundation
import Logging
import SPIFFE
import SwiftASN1
import X509

/// Keeps an authority in a directory (0700, keys 0600): makes root and intermediate on first start, takes an operator's own
/// instead if its four files are there, and renews an intermediate of ours in time.
struct AuthorityStorage: Sendable {
    private enum File: String, CaseIterable {
        case rootKey = "root-key.pem"
        case rootCertificate = "root-cert.pem"
        case chain = "cert-chain.pem"
        case certificate = "ca-cert.pem"
        case key = "ca-key.pem"
    }

    let configuration: MeshCAConfiguration
    let logger: Logger

    func open(now: Date) async throws -> Authority {
        try self.makeDirectory()
        let present = Set(File.allCases.filter { FileManager.default.fileExists(atPath: self.path($0)) })
        if present.isEmpty {
            return try await self.create(now: now)
        }
        guard present.contains(.rootKey) else { return try await self.openOperators(present, now: now) }
        guard present.contains(.rootCertificate) else {
            throw MeshCAError(.storage, "\(self.path(.rootKey)) is there, but root-cert.pem is missing")
        }
        guard present.isSuperset(of: [.certificate, .key]) else { return try await self.renewIntermediate(now: now) }
        let authority = try await self.load(now: now)
        let lifetime = authority.certificate.notValidAfter.timeIntervalSince(authority.certificate.notValidBefore)
        guard authority.certificate.notValidAfter.timeIntervalSince(now) < lifetime / 3 else { return authority }
        return try await self.renewIntermediate(now: now)
    }

    /// A new intermediate under the root that is kept here. Certificates from the older stay valid: the root is the same.
    func renewIntermediate(now: Date) async throws -> Authority {
        let rootKey = try WorkloadKey(pem: try self.read(.rootKey))
        guard let root = try CertificatePEM.parse(try self.read(.rootCertificate)).first else {
            throw MeshCAError(.storage, "root-cert.pem holds no certificate")
        }
        try self.writeIntermediate(root: root, rootKey: rootKey, now: now)
        self.logger.info("intermediate certificate made", metadata: ["ca.trust-domain": "\(self.configuration.trustDomain)"])
        return try await self.load(now: now)
    }

    /// Whether the root's key is here, so that intermediates can be renewed.
    var ownsRoot: Bool { FileManager.default.fileExists(atPath: self.path(.rootKey)) }

    private func create(now: Date) async throws -> Authority {
        let key = WorkloadKey()
        let template = CertificateTemplate.root(
            self.configuration.trustDomain, lifetime: self.configuration.rootLifetime, now: now)
        let root = try CertificateIssuer.issue(
            template, for: key.certificateKey.publicKey, issuer: nil, signingKey: key.certificateKey)
        // The certificate first: a crash in between leaves no key without its certificate.
        try self.writePublic(try CertificatePEM.text([root]), to: .rootCertificate)
        try PrivateFile.write(key.pemText, to: self.path(.rootKey))
        try self.writeIntermediate(root: root, rootKey: key, now: now)
        self.logger.info("root certificate made", metadata: ["ca.trust-domain": "\(self.configuration.trustDomain)"])
        return try await self.load(now: now)
    }

    private func writeIntermediate(root: Certificate, rootKey: WorkloadKey, now: Date) throws {
        let key = WorkloadKey()
        let template = CertificateTemplate.intermediate(
            self.configuration.trustDomain, lifetime: self.configuration.intermediateLifetime,
            issuerNotAfter: root.notValidAfter, now: now)
        let certificate = try CertificateIssuer.issue(
            template, for: key.certificateKey.publicKey, issuer: root, signingKey: rootKey.certificateKey)
        // Certificate away, key, certificate: a crash in between is seen as "no intermediate" at the next start.
        try? FileManager.default.removeItem(atPath: self.path(.certificate))
        try PrivateFile.write(key.pemText, to: self.path(.key))
        try self.writePublic(try CertificatePEM.text([certificate, root]), to: .chain)
        try self.writePublic(try CertificatePEM.text([certificate]), to: .certificate)
    }

    private func openOperators(_ present: Set<File>, now: Date) async throws -> Authority {
        let needed: [File] = [.rootCertificate, .chain, .certificate, .key]
        // A first start that was killed after its first file: nothing was signed yet, so begin again.
        if present == [.rootCertificate] { return try await self.create(now: now) }
        let missing = needed.filter { !present.contains($0) }
        guard missing.isEmpty else {
            let names = missing.map(\.rawValue).joined(separator: ", ")
            throw MeshCAError(.storage, "\(self.configuration.directory) lacks \(names)")
        }
        return try await self.load(now: now)
    }

    private func load(now: Date) async throws -> Authority {
        let roots = try CertificatePEM.parse(try self.read(.rootCertificate))
        guard let certificate = try CertificatePEM.parse(try self.read(.certificate)).first else {
            throw MeshCAError(.storage, "ca-cert.pem holds no certificate")
        }
        let chain = try CertificatePEM.parse(try self.read(.chain)).filter { $0 != certificate }
        let key: Certificate.PrivateKey
        do {
            key = try Certificate.PrivateKey(pemEncoded: try self.read(.key))
        } catch let error as MeshCAError {
            throw error
        } catch {
            throw MeshCAError(.storage, "ca-key.pem is not a private key in PEM")
        }
        return try await Authority(
            certificate: certificate, key: key, upperChain: chain,
            bundle: TrustBundle(trustDomain: self.configuration.trustDomain, authorities: roots), now: now)
    }

    // MARK: Files

    private func path(_ file: File) -> String { "\(self.configuration.directory)/\(file.rawValue)" }

    private func makeDirectory() throws {
        do {
            try FileManager.default.createDirectory(
                atPath: self.configuration.directory, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        } catch {
            throw MeshCAError(.storage, "cannot make \(self.configuration.directory): \(error)")
        }
    }

    private func read(_ file: File) throws(MeshCAError) -> String {
        do {
            return try String(contentsOfFile: self.path(file), encoding: .utf8)
        } catch {
            throw MeshCAError(.storage, "cannot read \(self.path(file))")
        }
    }

    private func writePublic(_ text: String, to file: File) throws(MeshCAError) {
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: self.path(file)), options: .atomic)
        } catch {
            throw MeshCAError(.storage, "cannot write \(self.path(file))")
        }
    }
}
