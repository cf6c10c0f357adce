// SPDX-License-Identifier: Apache-2.0
import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
import NIOCore
import SPIFFE
import X509

/// Makes the connection to a control plane: with the mesh's certificates the server is checked by name and bundle, ourselves shown
/// by SVID if we have one; with a cluster's TLS as the cluster says; in plaintext only where a bootstrap says so.
enum ControlPlaneTransport {
    /// - Parameter attempt: Counts on, so that each address has its turn.
    static func make(_ connection: ControlPlaneConnection, attempt: Int) throws -> HTTP2ClientTransport.Posix {
        guard !connection.addresses.isEmpty else { throw XDSClientError(.unreachable, "the control plane has no address") }
        let target = Self.target(connection.addresses[attempt % connection.addresses.count])
        switch connection.security {
        case .plaintext:
            return try HTTP2ClientTransport.Posix(
                target: target, transportSecurity: .plaintext, config: Self.settings(authority: connection.authority))
        case .custom(let secure):
            var config = Self.settings(authority: connection.authority)
            config.channelDebuggingCallbacks.onCreateTCPConnection = { channel in
                channel.eventLoop.makeCompletedFuture { try secure(channel) }
            }
            return try HTTP2ClientTransport.Posix(target: target, transportSecurity: .customSecure, config: config)
        case .mesh(let serverName, let credentials):
            guard let credential = credentials.current else {
                throw XDSClientError(.credential, "there is no certificate yet")
            }
            return try Self.mesh(target, serverName: serverName, bundle: credential.bundle, credential: credential)
        }
    }

    static func mesh(
        host: String, port: Int, serverName: String, bundle: TrustBundle, credential: WorkloadCredential?
    ) throws -> HTTP2ClientTransport.Posix {
        try Self.mesh(Self.target(.host(host, port: port)), serverName: serverName, bundle: bundle, credential: credential)
    }

    private static func mesh(
        _ target: any ResolvableTarget, serverName: String, bundle: TrustBundle, credential: WorkloadCredential?
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
                target: target, transportSecurity: .tls(tls), config: Self.settings(authority: serverName))
        } catch {
            throw XDSClientError(.credential, "cannot prepare TLS: \(error)")
        }
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

    private static func target(_ address: ControlPlaneConnection.Address) -> any ResolvableTarget {
        switch address {
        case .unix(let path): return .unixDomainSocket(path: path)
        case .host(let host, let port):
            if host.contains(":") { return .ipv6(address: host, port: port) }
            if host.allSatisfy({ $0.isNumber || $0 == "." }) { return .ipv4(address: host, port: port) }
            return .dns(host: host, port: port)
        }
    }
}
