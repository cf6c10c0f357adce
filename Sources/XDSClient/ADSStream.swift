// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import Foundation
import GRPCCore
import GRPCProtobuf
import SwiftProtobuf
import XDSProtocol

/// The wire forms of the client's end of a delta stream.
enum ADSStream {
    typealias Request = Envoy_Service_Discovery_V3_DeltaDiscoveryRequest
    typealias Response = Envoy_Service_Discovery_V3_DeltaDiscoveryResponse

    static let method = MethodDescriptor(
        fullyQualifiedService: "envoy.service.discovery.v3.AggregatedDiscoveryService",
        method: "DeltaAggregatedResources", type: .bidirectionalStreaming)

    static func request(_ type: ResourceType, _ request: DeltaRequest) -> Request {
        var wire = Request()
        wire.typeURL = type.typeURL
        wire.responseNonce = request.nonce
        wire.resourceNamesSubscribe = request.subscribe
        wire.resourceNamesUnsubscribe = request.unsubscribe
        wire.initialResourceVersions = request.initialVersions
        if let message = request.errorMessage {
            wire.errorDetail.code = 3  // INVALID_ARGUMENT
            wire.errorDetail.message = message
        }
        return wire
    }

    static func update(_ response: Response, _ type: ResourceType) -> ResourceUpdate {
        ResourceUpdate(
            type: type,
            upserted: response.resources.map {
                XDSResource(name: $0.name, version: $0.version, payload: Array($0.resource.value))
            },
            removed: response.removedResources,
            systemVersion: response.systemVersionInfo)
    }

    /// Why a response makes no sense at all, whatever its resources say; nil if it does.
    static func envelopeFault(_ response: Response, _ type: ResourceType) -> String? {
        for resource in response.resources {
            guard resource.hasResource else { return "resource \(resource.name) is empty" }
            guard resource.resource.typeURL == type.typeURL else {
                return "resource \(resource.name) is of type \(resource.resource.typeURL) in a response for \(type.typeURL)"
            }
        }
        return nil
    }
}
