// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import Foundation
import GRPCCore
import GRPCProtobuf
import SwiftProtobuf
import XDSProtocol

/// `envoy.service.secret.v3.SecretDiscoveryService`: streams of both variants, and a single fetch.
struct SecretDiscoveryService: RegistrableRPCService {
    let policy: SessionPolicy
    let source: SecretSource

    func registerMethods<Transport: ServerTransport>(with router: inout RPCRouter<Transport>) {
        router.registerStream(
            DiscoveryMethods.secretStream, StateOfTheWorldVariant.self, SubscriptionStateMachine.self, self.policy)
        router.registerStream(DiscoveryMethods.secretDelta, DeltaVariant.self, DeltaSubscriptionStateMachine.self, self.policy)
        router.registerHandler(
            forMethod: DiscoveryMethods.secretFetch,
            deserializer: ProtobufDeserializer<Envoy_Service_Discovery_V3_DiscoveryRequest>(),
            serializer: ProtobufSerializer<Envoy_Service_Discovery_V3_DiscoveryResponse>()
        ) { request, _ in
            let names = Set(try await ServerRequest(stream: request).message.resourceNames)
            let secrets = self.source.current[.secret].resources.filter { names.contains($0.name) }
            let push = StateOfTheWorldPush(
                nonce: Nonce("fetch"), version: ResourceVersion.of(ResourceSet(secrets)), resources: secrets,
                changed: secrets.map(\.name))
            return StreamingServerResponse(
                single: ServerResponse(
                    message: StateOfTheWorldVariant.response(
                        push, type: .secret, server: self.policy.serverIdentifier)))
        }
    }
}
