// SPDX-License-Identifier: Apache-2.0
import GRPCCore
import GRPCNIOTransportHTTP2

/// The service's gRPC side on loopback, without TLS: that is the sidecar's.
struct GRPCService: RegistrableRPCService {
    let service: DemoService

    func run(port: Int) async throws {
        let transport = HTTP2ServerTransport.Posix(
            address: .ipv4(host: "127.0.0.1", port: port), transportSecurity: .plaintext)
        try await GRPCServer(transport: transport, services: [self]).serve()
    }

    func registerMethods<Transport: ServerTransport>(with router: inout RPCRouter<Transport>) {
        router.registerHandler(
            forMethod: GRPCMethod.answer, deserializer: JSONMessage<GRPCMethod.Question>(), serializer: JSONMessage<ServiceAnswer>()
        ) { _, _ in StreamingServerResponse(single: ServerResponse(message: await self.service.answerOverGRPC())) }
    }
}
