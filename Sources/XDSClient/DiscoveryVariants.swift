// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import Foundation
import GRPCCore
import GRPCProtobuf
import SwiftProtobuf
import XDSProtocol

/// The wire forms of the client's end of a stream, in one variant of the protocol.
protocol DiscoveryVariant: Sendable {
    associatedtype Request: Sendable
    associatedtype WireRequest: SwiftProtobuf.Message
    associatedtype WireResponse: SwiftProtobuf.Message

    static func method(_ scope: DiscoveryClientConfiguration.Scope) -> MethodDescriptor
    /// - Parameter node: Said in the first request of a stream only.
    static func wire(_ type: ResourceType, _ request: Request, node: Envoy_Config_Core_V3_Node?) -> WireRequest
    static func typeURL(of response: WireResponse) -> String
    static func nonce(of response: WireResponse) -> String
    /// Throws for a response that makes no sense at all, whatever its resources say.
    static func answer(_ response: WireResponse, _ type: ResourceType) throws(XDSClientError) -> DiscoveryAnswer
}

enum DeltaVariant: DiscoveryVariant {
    typealias WireRequest = Envoy_Service_Discovery_V3_DeltaDiscoveryRequest
    typealias WireResponse = Envoy_Service_Discovery_V3_DeltaDiscoveryResponse

    static func method(_ scope: DiscoveryClientConfiguration.Scope) -> MethodDescriptor { scope.method("Delta") }

    static func wire(_ type: ResourceType, _ request: DeltaRequest, node: Envoy_Config_Core_V3_Node?) -> WireRequest {
        var wire = WireRequest()
        if let node { wire.node = node }
        wire.typeURL = type.typeURL
        wire.responseNonce = request.nonce
        wire.resourceNamesSubscribe = request.subscribe
        wire.resourceNamesUnsubscribe = request.unsubscribe
        wire.initialResourceVersions = request.initialVersions
        if let message = request.errorMessage { wire.errorDetail = .invalidArgument(message) }
        return wire
    }

    static func typeURL(of response: WireResponse) -> String { response.typeURL }
    static func nonce(of response: WireResponse) -> String { response.nonce }

    static func answer(_ response: WireResponse, _ type: ResourceType) throws(XDSClientError) -> DiscoveryAnswer {
        var resources: [XDSResource] = []
        for resource in response.resources {
            guard resource.hasResource else { throw XDSClientError(.invalidAnswer, "resource \(resource.name) is empty") }
            try ResourceEnvelope.check(resource.resource, "resource \(resource.name)", type)
            resources.append(
                XDSResource(name: resource.name, version: resource.version, payload: Array(resource.resource.value)))
        }
        return DiscoveryAnswer(
            nonce: response.nonce, version: response.systemVersionInfo, resources: resources, removed: response.removedResources)
    }
}

enum StateOfTheWorldVariant: DiscoveryVariant {
    typealias WireRequest = Envoy_Service_Discovery_V3_DiscoveryRequest
    typealias WireResponse = Envoy_Service_Discovery_V3_DiscoveryResponse

    static func method(_ scope: DiscoveryClientConfiguration.Scope) -> MethodDescriptor { scope.method("Stream") }

    static func wire(
        _ type: ResourceType, _ request: StateOfTheWorldRequest, node: Envoy_Config_Core_V3_Node?
    ) -> WireRequest {
        var wire = WireRequest()
        if let node { wire.node = node }
        wire.typeURL = type.typeURL
        wire.versionInfo = request.version
        wire.responseNonce = request.nonce
        wire.resourceNames = request.names
        if let message = request.errorMessage { wire.errorDetail = .invalidArgument(message) }
        return wire
    }

    static func typeURL(of response: WireResponse) -> String { response.typeURL }
    static func nonce(of response: WireResponse) -> String { response.nonce }

    static func answer(_ response: WireResponse, _ type: ResourceType) throws(XDSClientError) -> DiscoveryAnswer {
        var resources: [XDSResource] = []
        for (index, any) in response.resources.enumerated() {
            resources.append(try ResourceEnvelope.open(any, "resources[\(index)]", type))
        }
        return DiscoveryAnswer(nonce: response.nonce, version: response.versionInfo, resources: resources)
    }
}

extension Google_Rpc_Status {
    fileprivate static func invalidArgument(_ message: String) -> Self {
        var status = Self()
        status.code = 3
        status.message = message
        return status
    }
}

extension DiscoveryClientConfiguration.Scope {
    /// - Parameter variant: `Stream` or `Delta`, which the methods of all services begin with.
    fileprivate func method(_ variant: String) -> MethodDescriptor {
        let (service, noun) =
            switch self {
            case .aggregated: ("envoy.service.discovery.v3.AggregatedDiscoveryService", "AggregatedResources")
            case .only(.cluster): ("envoy.service.cluster.v3.ClusterDiscoveryService", "Clusters")
            case .only(.endpoints): ("envoy.service.endpoint.v3.EndpointDiscoveryService", "Endpoints")
            case .only(.listener): ("envoy.service.listener.v3.ListenerDiscoveryService", "Listeners")
            case .only(.routes): ("envoy.service.route.v3.RouteDiscoveryService", "Routes")
            case .only(.secret): ("envoy.service.secret.v3.SecretDiscoveryService", "Secrets")
            }
        return MethodDescriptor(fullyQualifiedService: service, method: variant + noun, type: .bidirectionalStreaming)
    }
}
