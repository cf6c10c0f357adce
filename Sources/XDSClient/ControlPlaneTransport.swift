// SPDX-License-Identifier: Apache-2.0
import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
import SPIFFE
import X509

/// Makes the connection to a control plane: by TLS, the server checked by name and bundle, ourselves shown by SVID if we have one;
/// in plaintext only where a bootstrap says so.
enum ControlPlaneTransport {
    static func make(
        host: String, port: Int, serverName: String, bundle: TrustBundle, credential: WorkloadCredential?
    ) throws -> HTTP2ClientTransport.Posix {
        let roots = try bundle.authorities.map { try Self.source($0) }
        let chain = try credential?.svid.chain.map { try Self.source($0) } ?? []
        let key = credential.map {
            TLSConfig.PrivateKeySource.bytes(Array($0.key.pemText.utf8), format: .pem)
        }
        let tls = HTTP2ClientTransport.Posix.TransportSecurity.TLS(
            certificateChain: chain, privateKey: key, serverCertificateVerification: .fullVerification,
            trustRoots: .certificates(roots))
        do {
            return try HTTP2ClientTransport.Posix(
                target: Self.target(host, port), transportSecurity: .tls(tls), config: Self.settings(authority: serverName))
        } catch {
            throw XDSClientError(.credential, "cannot prepare TLS: \(error)")
        }
    }

    static func plaintext(host: String, port: Int) throws -> HTTP2ClientTransport.Posix {
        try HTTP2ClientTransport.Posix(
            target: Self.target(host, port), transportSecurity: .plaintext, config: Self.settings(authority: nil))
    }

    private static func settings(authority: String?) -> HTTP2ClientTransport.Posix.Config {
        HTTP2ClientTransport.Posix.Config.defaults { config in
            config.http2.authority = authority
            config.http2.targetWindowSize = 1024 * 1024
            config.connection.keepalive = HTTP2ClientTransport.Config.Keepalive(
                time: .seconds(10), timeout: .seconds(10), allowWithoutCalls: true)
        }
    }

    private static func source(_ certificate: Certificate) throws -> TLSConfig.CertificateSource {
        .bytes(try CertificatePEM.der(certificate), format: .der)
    }

    private static func target(_ host: String, _ port: Int) -> any ResolvableTarget {
        if host.contains(":") { return .ipv6(address: host, port: port) }
        if host.allSatisfy({ $0.isNumber || $0 == "." }) { return .ipv4(address: host, port: port) }
        return .dns(host: host, port: port)
    }
}
