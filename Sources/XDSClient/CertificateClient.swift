// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
package import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
import GRPCProtobuf
package import Logging
package import SPIFFE
import X509

/// Where the certificate service is, and how to know it.
package struct CertificateClientConfiguration: Sendable, Hashable {
    package var host: String
    package var port: Int
    /// The name that the server's certificate has to bear.
    package var serverName: String
    package var bundle: TrustBundle
    package var timeout: Duration

    package init(
        host: String, port: Int, serverName: String = "istiod.istio-system.svc", bundle: TrustBundle,
        timeout: Duration = .seconds(10)
    ) {
        self.host = host
        self.port = port
        self.serverName = serverName
        self.bundle = bundle
        self.timeout = timeout
    }
}

/// Gets a workload its certificate: makes the key here, sends a request for it, checks what comes back.
package struct CertificateClient: Sendable {
    package enum Authentication: Sendable {
        case joinToken(String)
        case current(WorkloadCredential)
    }

    private static let createCertificate = MethodDescriptor(
        fullyQualifiedService: "istio.v1.auth.IstioCertificateService", method: "CreateCertificate", type: .unary)

    private let configuration: CertificateClientConfiguration
    private let now: @Sendable () -> Date
    private let logger: Logger

    package init(
        configuration: CertificateClientConfiguration, now: @escaping @Sendable () -> Date = { Date() }, logger: Logger
    ) {
        self.configuration = configuration
        self.now = now
        self.logger = logger
    }

    /// - Parameter lifetime: Nil for the authority's default (24 h), which is also the most it grants.
    package func requestCredential(
        for id: SPIFFEID, authentication: Authentication, lifetime: Duration? = nil
    ) async throws -> WorkloadCredential {
        let key = WorkloadKey()
        var request = Istio_V1_Auth_IstioCertificateRequest()
        request.csr = try key.certificateSigningRequest(for: id)
        request.validityDuration = lifetime?.components.seconds ?? 0
        let chain = try await self.exchange(request, authentication)
        let credential = try await self.checked(chain, key, id)
        self.logger.info(
            "certificate obtained",
            metadata: ["identity": "\(id)", "certificate.not-after": "\(credential.svid.notValidAfter)"])
        return credential
    }

    private func exchange(
        _ request: Istio_V1_Auth_IstioCertificateRequest, _ authentication: Authentication
    ) async throws -> [Certificate] {
        var metadata: Metadata = [:]
        var credential: WorkloadCredential?
        switch authentication {
        case .joinToken(let token): metadata.addString("Bearer \(token)", forKey: "authorization")
        case .current(let current): credential = current
        }
        let transport = try ControlPlaneTransport.mesh(
            host: self.configuration.host, port: self.configuration.port, serverName: self.configuration.serverName,
            bundle: self.configuration.bundle, credential: credential)
        var options = CallOptions.defaults
        options.timeout = self.configuration.timeout
        options.waitForReady = false
        let call = ClientRequest(message: request, metadata: metadata)
        do {
            let response = try await withGRPCClient(transport: transport) { client in
                try await client.unary(
                    request: call, descriptor: Self.createCertificate,
                    serializer: ProtobufSerializer<Istio_V1_Auth_IstioCertificateRequest>(),
                    deserializer: ProtobufDeserializer<Istio_V1_Auth_IstioCertificateResponse>(), options: options
                ) { try $0.message }
            }
            return try response.certChain.flatMap { try CertificatePEM.parse($0) }
        } catch let error as RPCError {
            throw XDSClientError(rpc: error)
        } catch let error as SPIFFEError {
            throw XDSClientError(.invalidAnswer, "\(error)")
        }
    }

    /// Roots are those that issued themselves; the connection that brought them was checked against the roots we had.
    private func checked(_ chain: [Certificate], _ key: WorkloadKey, _ id: SPIFFEID) async throws -> WorkloadCredential {
        let roots = chain.filter { $0.issuer == $0.subject }
        let presented = chain.filter { $0.issuer != $0.subject }
        let bundle = TrustBundle(trustDomain: id.trustDomain, authorities: roots)
        do {
            let verified = try await PeerIdentity.verify(presented: presented, bundle: bundle, at: self.now())
            guard verified.identity.id == id else {
                throw XDSClientError(.invalidAnswer, "certificate names \(verified.identity.id) instead of \(id)")
            }
            return try WorkloadCredential(key: key, svid: X509SVID(chain: presented), bundle: bundle)
        } catch let error as SPIFFEError {
            throw XDSClientError(.invalidAnswer, "\(error)")
        }
    }
}

extension XDSClientError {
    init(rpc error: RPCError) {
        let code: Code =
            switch error.code {
            case .unavailable, .deadlineExceeded, .cancelled, .unknown, .internalError: .unreachable
            case .unauthenticated: .unauthenticated
            default: .refused
            }
        self.init(code, error.message)
    }
}
