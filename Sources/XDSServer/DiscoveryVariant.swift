// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import Foundation
import SwiftProtobuf
import XDSProtocol

/// What differs on the wire between the two variants of the protocol.
protocol DiscoveryVariant: Sendable {
    associatedtype WireRequest: SwiftProtobuf.Message
    associatedtype WireResponse: SwiftProtobuf.Message
    associatedtype Request: Sendable
    associatedtype Push: Sendable

    static var isDelta: Bool { get }
    static func node(of request: WireRequest) -> Envoy_Config_Core_V3_Node?
    static func typeURL(of request: WireRequest) -> String
    static func request(_ request: WireRequest) -> Request
    static func response(_ push: Push, type: ResourceType, server: String) -> WireResponse
    static func resourceCount(_ push: Push) -> Int
}

enum DeltaVariant: DiscoveryVariant {
    static var isDelta: Bool { true }

    static func node(of request: Envoy_Service_Discovery_V3_DeltaDiscoveryRequest) -> Envoy_Config_Core_V3_Node? {
        request.hasNode ? request.node : nil
    }

    static func typeURL(of request: Envoy_Service_Discovery_V3_DeltaDiscoveryRequest) -> String { request.typeURL }

    static func request(_ request: Envoy_Service_Discovery_V3_DeltaDiscoveryRequest) -> DeltaRequest {
        DeltaRequest(
            nonce: request.responseNonce, errorMessage: request.hasErrorDetail ? request.errorDetail.message : nil,
            subscribe: request.resourceNamesSubscribe, unsubscribe: request.resourceNamesUnsubscribe,
            initialVersions: request.initialResourceVersions)
    }

    static func response(
        _ push: DeltaPush, type: ResourceType, server: String
    ) -> Envoy_Service_Discovery_V3_DeltaDiscoveryResponse {
        var response = Envoy_Service_Discovery_V3_DeltaDiscoveryResponse()
        response.typeURL = type.typeURL
        response.nonce = push.nonce.text
        response.systemVersionInfo = push.generation
        response.removedResources = push.removed
        response.controlPlane.identifier = server
        response.resources = push.upserted.map { resource in
            var wire = Envoy_Service_Discovery_V3_Resource()
            wire.name = resource.name
            wire.version = resource.version
            wire.resource.typeURL = type.typeURL
            wire.resource.value = Data(resource.payload)
            return wire
        }
        return response
    }

    static func resourceCount(_ push: DeltaPush) -> Int { push.upserted.count }
}

enum StateOfTheWorldVariant: DiscoveryVariant {
    static var isDelta: Bool { false }

    static func node(of request: Envoy_Service_Discovery_V3_DiscoveryRequest) -> Envoy_Config_Core_V3_Node? {
        request.hasNode ? request.node : nil
    }

    static func typeURL(of request: Envoy_Service_Discovery_V3_DiscoveryRequest) -> String { request.typeURL }

    static func request(_ request: Envoy_Service_Discovery_V3_DiscoveryRequest) -> StateOfTheWorldRequest {
        StateOfTheWorldRequest(
            version: request.versionInfo, nonce: request.responseNonce,
            errorMessage: request.hasErrorDetail ? request.errorDetail.message : nil, names: request.resourceNames)
    }

    static func response(
        _ push: StateOfTheWorldPush, type: ResourceType, server: String
    ) -> Envoy_Service_Discovery_V3_DiscoveryResponse {
        var response = Envoy_Service_Discovery_V3_DiscoveryResponse()
        response.typeURL = type.typeURL
        response.nonce = push.nonce.text
        response.versionInfo = push.version
        response.controlPlane.identifier = server
        response.resources = push.resources.map { resource in
            var wire = Google_Protobuf_Any()
            wire.typeURL = type.typeURL
            wire.value = Data(resource.payload)
            return wire
        }
        return response
    }

    static func resourceCount(_ push: StateOfTheWorldPush) -> Int { push.resources.count }
}
