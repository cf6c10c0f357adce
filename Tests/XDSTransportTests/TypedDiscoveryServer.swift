// SPDX-License-Identifier: Apache-2.0
import Foundation
import GRPCCore
import GRPCNIOTransportHTTP2
import SPIFFE
import XDSProtocol

@testable import XDSServer

/// A control plane without an aggregated stream: each type has a service of its own. It wants a header, so that a client's initial
/// metadata is seen.
struct TypedDiscoveryServer: Sendable {
    private struct Service: RegistrableRPCService {
        let policy: SessionPolicy

        func registerMethods<Transport: ServerTransport>(with router: inout RPCRouter<Transport>) {
            for (noun, service) in [
                ("Clusters", "cluster.v3.ClusterDiscoveryService"), ("Endpoints", "endpoint.v3.EndpointDiscoveryService"),
                ("Listeners", "listener.v3.ListenerDiscoveryService"), ("Routes", "route.v3.RouteDiscoveryService"),
            ] {
                func method(_ variant: String) -> MethodDescriptor {
                    MethodDescriptor(
                        fullyQualifiedService: "envoy.service.\(service)", method: variant + noun, type: .bidirectionalStreaming)
                }
                router.registerStream(
                    method("Stream"), StateOfTheWorldVariant.self, SubscriptionStateMachine.self, self.policy)
                router.registerStream(method("Delta"), DeltaVariant.self, DeltaSubscriptionStateMachine.self, self.policy)
            }
        }
    }

    private let registry = SessionRegistry()
    private let server: GRPCServer<HTTP2ServerTransport.Posix>

    init(_ mesh: TestMesh, withTLS: Bool) throws {
        let identity = try SPIFFEID(trustDomain: .clusterLocal, namespace: "default", serviceAccount: "web")
        let configuration = XDSServerConfiguration(trustDomain: .clusterLocal, plaintext: nil, secure: nil)
        let policy = SessionPolicy(
            authenticate: { _, metadata in
                guard metadata[stringValues: "x-tenant"].contains(where: { $0 == "blue" }) else {
                    throw RPCError(code: .unauthenticated, message: "no tenant")
                }
                return identity
            },
            refusal: { _, _ in nil }, serverIdentifier: "typed", maximumWaitingRequests: 100, warmingTime: .seconds(2),
            now: { Date() }, source: mesh.source, registry: self.registry, metrics: PushMetrics(), logger: mesh.logger)
        let tls = withTLS ? OptionalClientTLS(credentials: mesh.authority, now: { Date() }, logger: mesh.logger) : nil
        self.server = GRPCServer(
            transport: .discovery(.ipv4(host: "127.0.0.1", port: 0), configuration, tls: tls),
            services: [Service(policy: policy)])
    }

    func run(_ body: @Sendable (Int) async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.server.serve() }
            guard let port = try await self.server.transport.listeningAddress.ipv4?.port else { throw TestFailure.notListening }
            try await body(port)
            self.registry.shutdown()
            self.server.beginGracefulShutdown()
            group.cancelAll()
        }
    }

    func push() { self.registry.push { _ in true } }
}
