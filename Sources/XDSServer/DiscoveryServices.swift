// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import GRPCCore
import GRPCProtobuf
import SPIFFE
import XDSProtocol

/// The aggregated discovery service, both variants.
struct AggregatedDiscoveryService: RegistrableRPCService {
    let policy: SessionPolicy

    func registerMethods<Transport: ServerTransport>(with router: inout RPCRouter<Transport>) {
        router.registerStream(
            DiscoveryMethods.aggregatedStream, StateOfTheWorldVariant.self, SubscriptionStateMachine.self, self.policy)
        router.registerStream(DiscoveryMethods.aggregatedDelta, DeltaVariant.self, DeltaSubscriptionStateMachine.self, self.policy)
    }
}

extension RPCRouter {
    mutating func registerStream<Variant: DiscoveryVariant, Subscription: TypeSubscription & ~Copyable>(
        _ method: MethodDescriptor, _: Variant.Type, _: Subscription.Type, _ policy: SessionPolicy
    ) where Subscription.Request == Variant.Request, Subscription.Push == Variant.Push {
        self.registerHandler(
            forMethod: method,
            deserializer: ProtobufDeserializer<Variant.WireRequest>(),
            serializer: ProtobufSerializer<Variant.WireResponse>()
        ) { request, context in
            let identity = try await policy.authenticate(context, request.metadata)
            return StreamingServerResponse { writer in
                let session = ClientSession<Variant, Subscription>(policy: policy, identity: identity)
                try await session.run(request.messages, writer: writer)
                return [:]
            }
        }
    }
}
