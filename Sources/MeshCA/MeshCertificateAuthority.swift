// SPDX-License-Identifier: Apache-2.0
package import Foundation
package import Logging
package import SPIFFE
import Synchronization
package import X509

/// The mesh's certificate authority: template, sign, check, hand out. Also holds the control plane's own serving certificate.
///
/// Nothing runs in the background: the serving certificate is renewed when it is asked for past half its life, the
/// intermediate when a certificate is issued past two thirds of its own.
package final class MeshCertificateAuthority: WorkloadCertificateIssuer, ServerCredentials {
    private struct State: Sendable {
        var authority: Authority
        var serving: ServingCertificate?
        var renewServingAt: Date
    }

    private let configuration: MeshCAConfiguration
    private let storage: AuthorityStorage
    private let now: @Sendable () -> Date
    private let logger: Logger
    private let state: Mutex<State>

    /// Opens the authority of a directory, making it on first start.
    package static func open(
        configuration: MeshCAConfiguration, now: @escaping @Sendable () -> Date = { Date() }, logger: Logger
    ) async throws -> MeshCertificateAuthority {
        let storage = AuthorityStorage(configuration: configuration, logger: logger)
        return MeshCertificateAuthority(
            configuration, storage, try await storage.open(now: now()), now: now, logger: logger)
    }

    private init(
        _ configuration: MeshCAConfiguration, _ storage: AuthorityStorage, _ authority: Authority,
        now: @escaping @Sendable () -> Date, logger: Logger
    ) {
        self.configuration = configuration
        self.storage = storage
        self.now = now
        self.logger = logger
        self.state = Mutex(State(authority: authority, serving: nil, renewServingAt: .distantPast))
    }

    package var trustBundle: TrustBundle { self.state.withLock { $0.authority.bundle } }

    package func issueCertificate(
        request: String, for id: SPIFFEID, lifetime: Duration?
    ) async throws -> [Certificate] {
        guard id.trustDomain == self.configuration.trustDomain else {
            throw MeshCAError(.invalidRequest, "\(id) is not of trust domain \(self.configuration.trustDomain)")
        }
        let publicKey = try CertificateRequestCheck.publicKey(ofRequest: request, for: id)
        let authority = try await self.currentAuthority()
        let now = self.now()
        let granted = min(lifetime ?? self.configuration.workloadLifetime, self.configuration.workloadLifetime)
        let template = CertificateTemplate.workload(
            id, lifetime: granted, issuerNotAfter: authority.certificate.notValidAfter, now: now)
        let leaf = try CertificateIssuer.issue(
            template, for: publicKey, issuer: authority.certificate, signingKey: authority.key)
        let chain = [leaf] + authority.intermediates
        try await IssuedCertificateCheck.check(
            chain, is: id, publicKey: publicKey, bundle: authority.bundle, lifetime: granted, now: now)
        self.logger.info(
            "certificate issued",
            metadata: ["peer.principal": "\(id.principal)", "certificate.not-after": "\(leaf.notValidAfter)"])
        return chain + authority.bundle.authorities
    }

    package var servingCertificate: ServingCertificate {
        get throws {
            let now = self.now()
            return try self.state.withLock { state in
                if let serving = state.serving, now < state.renewServingAt { return serving }
                let key = WorkloadKey()
                let template = CertificateTemplate.server(
                    names: self.configuration.servingNames,
                    addresses: self.configuration.servingAddresses.compactMap(IPAddressBytes.parse),
                    lifetime: self.configuration.servingLifetime,
                    issuerNotAfter: state.authority.certificate.notValidAfter, now: now)
                let leaf = try CertificateIssuer.issue(
                    template, for: key.certificateKey.publicKey, issuer: state.authority.certificate,
                    signingKey: state.authority.key)
                let serving = ServingCertificate(
                    chain: [leaf] + state.authority.intermediates, key: key, serial: (state.serving?.serial ?? 0) + 1)
                state.serving = serving
                state.renewServingAt = now + template.notAfter.timeIntervalSince(now) / 2
                return serving
            }
        }
    }

    /// Renews an intermediate of ours in its last third; an operator's own is the operator's to renew.
    private func currentAuthority() async throws -> Authority {
        let authority = self.state.withLock { $0.authority }
        let now = self.now()
        let certificate = authority.certificate
        let lifetime = certificate.notValidAfter.timeIntervalSince(certificate.notValidBefore)
        guard certificate.notValidAfter.timeIntervalSince(now) < lifetime / 3, self.storage.ownsRoot else {
            return authority
        }
        let renewed = try await self.storage.renewIntermediate(now: now)
        self.state.withLock { state in
            state.authority = renewed
            state.renewServingAt = .distantPast
        }
        return renewed
    }
}
