// SPDX-License-Identifier: Apache-2.0
import NIOCore
import NIOSSL
import SPIFFE
import Synchronization

/// The TLS end of the API's port: each connection gets the newest serving certificate, so a renewal needs no restart.
final class ServingTLS: Sendable {
    private struct Prepared {
        var serial: UInt64
        var context: NIOSSLContext
    }

    private let credentials: any ServerCredentials
    private let prepared: Mutex<Prepared?> = Mutex(nil)

    init(credentials: any ServerCredentials) { self.credentials = credentials }

    func handler() throws -> NIOSSLServerHandler { NIOSSLServerHandler(context: try context()) }

    private func context() throws -> NIOSSLContext {
        let certificate = try credentials.servingCertificate
        return try prepared.withLock { prepared in
            if let prepared, prepared.serial == certificate.serial { return prepared.context }
            let context = try Self.makeContext(certificate)
            prepared = Prepared(serial: certificate.serial, context: context)
            return context
        }
    }

    private static func makeContext(_ certificate: ServingCertificate) throws -> NIOSSLContext {
        let chain = try certificate.chain.map {
            NIOSSLCertificateSource.certificate(try NIOSSLCertificate(bytes: CertificatePEM.der($0), format: .der))
        }
        let key = try NIOSSLPrivateKey(bytes: Array(certificate.key.pemText.utf8), format: .pem)
        var configuration = TLSConfiguration.makeServerConfiguration(certificateChain: chain, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        // kubectl would rather speak h2; this server does not.
        configuration.applicationProtocols = ["http/1.1"]
        return try NIOSSLContext(configuration: configuration)
    }
}
