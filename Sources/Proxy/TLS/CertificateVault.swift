// SPDX-License-Identifier: Apache-2.0
import NIOSSL
package import SPIFFE
import SwiftASN1
import Synchronization
import X509

/// The workload's key, certificate and roots as TLS contexts. A new credential is used by every handshake that begins afterwards;
/// connections that stand keep the old one.
package final class CertificateVault: Sendable {
    /// What a context depends on besides the credential.
    private struct Purpose: Hashable {
        var isServer: Bool
        var verifiesPeer: Bool
        var protocols: [String]
    }

    private struct State {
        var credential: WorkloadCredential?
        var contexts: [Purpose: NIOSSLContext] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    package var current: WorkloadCredential? { self.state.withLock { $0.credential } }

    package func update(_ credential: WorkloadCredential) {
        self.state.withLock { $0 = State(credential: credential) }
    }

    /// nil while there is no credential: the handshake cannot be made.
    func serverContext(requiresClientCertificate: Bool, protocols: [String]) throws -> NIOSSLContext? {
        try self.context(Purpose(isServer: true, verifiesPeer: requiresClientCertificate, protocols: protocols))
    }

    func clientContext(protocols: [String]) throws -> NIOSSLContext? {
        try self.context(Purpose(isServer: false, verifiesPeer: true, protocols: protocols))
    }

    private func context(_ purpose: Purpose) throws -> NIOSSLContext? {
        try self.state.withLock { state in
            if let known = state.contexts[purpose] { return known }
            guard let credential = state.credential else { return nil }
            let context = try NIOSSLContext(configuration: Self.configuration(credential, purpose))
            state.contexts[purpose] = context
            return context
        }
    }

    private static func configuration(_ credential: WorkloadCredential, _ purpose: Purpose) throws -> TLSConfiguration {
        let chain = try credential.svid.chain.map { NIOSSLCertificateSource.certificate(try Self.certificate($0)) }
        let key = try NIOSSLPrivateKey(bytes: Array(credential.key.pemText.utf8), format: .pem)
        let roots = try credential.bundle.authorities.map(Self.certificate)
        var configuration =
            purpose.isServer
            ? TLSConfiguration.makeServerConfiguration(certificateChain: chain, privateKey: .privateKey(key))
            : TLSConfiguration.makeClientConfiguration()
        configuration.certificateChain = chain
        configuration.privateKey = .privateKey(key)
        configuration.minimumTLSVersion = .tlsv12
        configuration.trustRoots = .certificates(roots)
        // Names of workloads are SPIFFE IDs, which are compared after the handshake, not host names.
        configuration.certificateVerification = purpose.verifiesPeer ? .noHostnameVerification : .none
        configuration.applicationProtocols = purpose.protocols
        return configuration
    }

    private static func certificate(_ certificate: Certificate) throws -> NIOSSLCertificate {
        var serializer = DER.Serializer()
        try serializer.serialize(certificate)
        return try NIOSSLCertificate(bytes: serializer.serializedBytes, format: .der)
    }
}
