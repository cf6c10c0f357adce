// SPDX-License-Identifier: Apache-2.0
import Foundation
import Logging
import NIOCore
import NIOSSL
import SPIFFE
import Synchronization
import X509

/// The TLS end of the secure port: shows the newest serving certificate, and lets in clients with an SVID of our trust bundle or
/// with no certificate at all (they then need a token).
///
/// grpc-swift's transport knows only "required" and "none", so this handler goes below it, into the pipeline of each
/// accepted connection.
final class OptionalClientTLS: Sendable {
    private struct Prepared {
        var serial: UInt64
        var context: NIOSSLContext
    }

    private let credentials: any ServerCredentials
    private let now: @Sendable () -> Date
    private let logger: Logger
    private let prepared: Mutex<Prepared?> = Mutex(nil)

    init(credentials: any ServerCredentials, now: @escaping @Sendable () -> Date, logger: Logger) {
        self.credentials = credentials
        self.now = now
        self.logger = logger
    }

    /// Puts TLS below everything else. On the channel's event loop.
    func install(in channel: any Channel) throws {
        let credentials = self.credentials
        let now = self.now
        let logger = self.logger
        let handler = NIOSSLServerHandler(context: try self.context()) { presented, promise in
            // Unstructured because NIOSSL's callback is not async; it ends with the promise, which the handler waits for.
            Task {
                do {
                    let certificates = try presented.map { try CertificatePEM.parse(der: $0.toDERBytes()) }
                    let verified = try await PeerIdentity.verify(
                        presented: certificates, bundle: credentials.trustBundle, at: now())
                    let chain = try verified.chain.map {
                        try NIOSSLCertificate(bytes: CertificatePEM.der($0), format: .der)
                    }
                    promise.succeed(.certificateVerified(VerificationMetadata(NIOSSL.ValidatedCertificateChain(chain))))
                } catch {
                    logger.warning("client certificate refused in handshake", metadata: ["error": "\(error)"])
                    promise.succeed(.failed)
                }
            }
        }
        try channel.pipeline.syncOperations.addHandler(handler, position: .first)
    }

    private func context() throws -> NIOSSLContext {
        let certificate = try self.credentials.servingCertificate
        return try self.prepared.withLock { prepared in
            if let prepared, prepared.serial == certificate.serial { return prepared.context }
            let context = try self.makeContext(certificate)
            prepared = Prepared(serial: certificate.serial, context: context)
            return context
        }
    }

    private func makeContext(_ certificate: ServingCertificate) throws -> NIOSSLContext {
        let chain = try certificate.chain.map {
            NIOSSLCertificateSource.certificate(try NIOSSLCertificate(bytes: CertificatePEM.der($0), format: .der))
        }
        let key = try NIOSSLPrivateKey(bytes: Array(certificate.key.pemText.utf8), format: .pem)
        var configuration = TLSConfiguration.makeServerConfiguration(certificateChain: chain, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["h2"]
        configuration.certificateVerification = .optionalVerification
        configuration.trustRoots = .certificates(
            try self.credentials.trustBundle.authorities.map {
                try NIOSSLCertificate(bytes: CertificatePEM.der($0), format: .der)
            })
        return try NIOSSLContext(configuration: configuration)
    }
}
