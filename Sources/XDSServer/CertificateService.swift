// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import GRPCCore
import GRPCProtobuf
import Logging
import SPIFFE

/// `istio.v1.auth.IstioCertificateService`: a certificate request in, a chain out, for the identity that the caller has proved.
struct CertificateService: RegistrableRPCService {
    let issuer: any WorkloadCertificateIssuer
    let authentication: CallerAuthentication
    let metrics: PushMetrics
    let logger: Logger

    func registerMethods<Transport: ServerTransport>(with router: inout RPCRouter<Transport>) {
        router.registerHandler(
            forMethod: DiscoveryMethods.createCertificate,
            deserializer: ProtobufDeserializer<Istio_V1_Auth_IstioCertificateRequest>(),
            serializer: ProtobufSerializer<Istio_V1_Auth_IstioCertificateResponse>()
        ) { request, context in
            let identity = try await self.authentication.caller(context: context, metadata: request.metadata)
            let single = try await ServerRequest(stream: request)
            return StreamingServerResponse(single: try await self.create(single.message, for: identity))
        }
    }

    private func create(
        _ request: Istio_V1_Auth_IstioCertificateRequest, for identity: SPIFFEID
    ) async throws -> ServerResponse<Istio_V1_Auth_IstioCertificateResponse> {
        let lifetime: Duration? = request.validityDuration > 0 ? .seconds(request.validityDuration) : nil
        do {
            let chain = try await self.issuer.issueCertificate(request: request.csr, for: identity, lifetime: lifetime)
            var response = Istio_V1_Auth_IstioCertificateResponse()
            response.certChain = try chain.map { try CertificatePEM.text([$0]) }
            self.metrics.certificateIssued()
            return ServerResponse(message: response)
        } catch {
            self.logger.warning(
                "certificate request refused",
                metadata: ["peer.principal": "\(identity.principal)", "error": "\(error)"])
            throw RPCError(code: .invalidArgument, message: "certificate request refused: \(error)")
        }
    }
}
