// SPDX-License-Identifier: Apache-2.0
import NIOSSL
import ProxyModel
import SPIFFE
import SwiftASN1
import X509

/// Makes NIOSSL contexts of what is configured. NIOSSL traps on some settings that it cannot take: those are refused here first.
struct TLSContextBuilder {
    let credential: WorkloadCredential?

    func context(_ purpose: CertificateVault.Purpose) throws(TLSContextError) -> NIOSSLContext {
        let configuration = try self.configuration(purpose)
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw .invalid("\(error)")
        }
    }

    private func configuration(_ purpose: CertificateVault.Purpose) throws(TLSContextError) -> TLSConfiguration {
        let settings = purpose.settings
        try Self.check(settings)
        var configuration = TLSConfiguration.makeClientConfiguration()
        if let certificate = settings.certificates.first {
            (configuration.certificateChain, configuration.privateKey) = try self.identity(certificate)
        }
        configuration.minimumTLSVersion = Self.version(settings.minimumVersion)
        configuration.maximumTLSVersion = Self.version(settings.maximumVersion)
        configuration.applicationProtocols = settings.applicationProtocols
        if !settings.cipherSuites.isEmpty { configuration.cipherSuites = settings.cipherSuites.joined(separator: ":") }
        guard let trust = settings.trust else {
            configuration.certificateVerification = .none
            configuration.trustRoots = .certificates([])
            return configuration
        }
        configuration.trustRoots = try self.roots(trust)
        // Names of workloads are SPIFFE IDs: they are compared after the handshake, not as host names.
        configuration.certificateVerification = .noHostnameVerification
        // As Envoy: a client certificate that is not required is asked for, and has to be right if it comes.
        if case .server(let tls) = purpose, !tls.requiresClientCertificate {
            configuration.certificateVerification = .optionalVerification
        }
        return configuration
    }

    private func identity(
        _ certificate: TLSSettings.Certificate
    ) throws(TLSContextError) -> ([NIOSSLCertificateSource], NIOSSLPrivateKeySource) {
        switch certificate {
        case .secret(let secret):
            let credential = try self.secret(secret, named: "default")
            do {
                let chain = try credential.svid.chain.map { NIOSSLCertificateSource.certificate(try Self.certificate($0)) }
                let key = try NIOSSLPrivateKey(bytes: Array(credential.key.pemText.utf8), format: .pem)
                return (chain, .privateKey(key))
            } catch {
                throw .invalid("secret \(secret.name): \(error)")
            }
        case .inline(let chain, let key):
            do {
                let certificates = try NIOSSLCertificate.fromPEMBytes(Array(chain.utf8))
                let key = try NIOSSLPrivateKey(bytes: Array(key.pem.utf8), format: .pem)
                return (certificates.map { .certificate($0) }, .privateKey(key))
            } catch {
                throw .invalid("inline certificate: \(error)")
            }
        case .files(let chain, let key):
            do {
                let certificates = try NIOSSLCertificate.fromPEMFile(chain)
                return (certificates.map { .certificate($0) }, .privateKey(try NIOSSLPrivateKey(file: key, format: .pem)))
            } catch {
                throw .file("certificate \(chain) with key \(key): \(error)")
            }
        }
    }

    private func roots(_ trust: TLSSettings.Trust) throws(TLSContextError) -> NIOSSLTrustRoots {
        do {
            switch trust {
            case .secret(let secret):
                return .certificates(try self.secret(secret, named: "ROOTCA").bundle.authorities.map(Self.certificate))
            case .inline(let pem): return .certificates(try NIOSSLCertificate.fromPEMBytes(Array(pem.utf8)))
            case .file(let path):
                do { return .certificates(try NIOSSLCertificate.fromPEMFile(path)) } catch {
                    throw TLSContextError.file("trusted roots \(path): \(error)")
                }
            }
        } catch let error as TLSContextError {
            throw error
        } catch {
            throw .invalid("trusted roots: \(error)")
        }
    }

    /// Whoever is said to deliver it: this proxy has the workload's credential and no other secret.
    private func secret(_ secret: SecretReference, named name: String) throws(TLSContextError) -> WorkloadCredential {
        guard secret.name == name else { throw .invalid("secret \(secret.name) is not known to this proxy, only \(name)") }
        guard let credential = self.credential else { throw .missing("secret \(name) has not come yet") }
        return credential
    }

    private static func check(_ settings: TLSSettings) throws(TLSContextError) {
        for name in settings.applicationProtocols {
            guard (1...255).contains(name.utf8.count), name.utf8.allSatisfy({ $0 < 0x80 }) else {
                throw .invalid("\(name.debugDescription) is no ALPN protocol")
            }
        }
        guard settings.minimumVersion <= settings.maximumVersion else { throw .invalid("the range of TLS versions is empty") }
        for suite in settings.cipherSuites where !CipherSuite.isKnown(suite) {
            throw .invalid("cipher suite \(suite) is not known")
        }
    }

    private static func version(_ version: TLSSettings.Version) -> TLSVersion {
        switch version {
        case .tls10: .tlsv1
        case .tls11: .tlsv11
        case .tls12: .tlsv12
        case .tls13: .tlsv13
        }
    }

    private static func certificate(_ certificate: Certificate) throws -> NIOSSLCertificate {
        var serializer = DER.Serializer()
        try serializer.serialize(certificate)
        return try NIOSSLCertificate(bytes: serializer.serializedBytes, format: .der)
    }
}

extension TLSSettings {
    /// Whether something in it is replaced while the settings stay.
    var namesSecrets: Bool {
        if case .secret? = self.trust { return true }
        return self.certificates.contains { if case .secret = $0 { true } else { false } }
    }
}
