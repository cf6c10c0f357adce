// SPDX-License-Identifier: Apache-2.0
import NIOSSL
import ProxyModel
import SPIFFE
import SwiftASN1
import X509

/// Makes NIOSSL contexts of what is configured. NIOSSL traps on some settings that it cannot take: those are refused here first.
struct TLSContextBuilder {
    let credential: WorkloadCredential?
    let secrets: [String: TLSSecret]

    func context(_ purpose: CertificateVault.Purpose) throws(TLSContextError) -> NIOSSLContext {
        let configuration = try self.configuration(purpose)
        do {
            return try NIOSSLContext(configuration: configuration)
        } catch {
            // Half of a pair may have been written.
            let files = purpose.settings.files(self.secrets)
            guard files.isEmpty else { throw .file("\(files.sorted().joined(separator: " with ")): \(error)") }
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
            switch self.secrets[secret.name] {
            case .certificate(.secret), .trust: throw .invalid("secret \(secret.name) holds no certificate")
            case .certificate(let certificate): return try self.identity(certificate)
            case nil: break
            }
            let credential = try self.own(secret, named: "default")
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
                switch self.secrets[secret.name] {
                case .trust(.secret), .certificate: throw TLSContextError.invalid("secret \(secret.name) holds no trusted roots")
                case .trust(let trust): return try self.roots(trust)
                case nil: break
                }
                return .certificates(try self.own(secret, named: "ROOTCA").bundle.authorities.map(Self.certificate))
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

    /// The workload's own, whoever is said to deliver it; what others deliver may still come.
    private func own(_ secret: SecretReference, named name: String) throws(TLSContextError) -> WorkloadCredential {
        guard !secret.source.isEmpty else { throw .invalid("secret \(secret.name) is not among static_resources.secrets") }
        guard let credential = self.credential else { throw .missing("secret \(secret.name) has not come yet") }
        guard secret.name == name else {
            guard secret.source != "sds-grpc" else {
                throw .invalid("secret \(secret.name) is not known to this proxy, only \(name)")
            }
            throw .missing("secret \(secret.name) has not come yet")
        }
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
    var namesSecrets: Bool { !self.secretNames.isEmpty }

    var secretNames: Set<String> {
        var names: Set<String> = []
        for case .secret(let secret) in self.certificates { names.insert(secret.name) }
        if case .secret(let secret)? = self.trust { names.insert(secret.name) }
        return names
    }

    var withoutProtocols: TLSSettings {
        var settings = self
        settings.applicationProtocols = []
        return settings
    }

    /// Itself, and by way of the secrets that it names.
    func files(_ secrets: [String: TLSSecret]) -> Set<String> {
        var files: Set<String> = []
        var certificates = self.certificates
        var trusts = [self.trust].compactMap { $0 }
        for name in self.secretNames {
            switch secrets[name] {
            case .certificate(let certificate): certificates.append(certificate)
            case .trust(let trust): trusts.append(trust)
            case nil: break
            }
        }
        for case .files(let chain, let key) in certificates { files.formUnion([chain, key]) }
        for case .file(let path) in trusts { files.insert(path) }
        return files
    }
}
