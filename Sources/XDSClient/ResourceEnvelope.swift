// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
package import SwiftProtobuf
package import XDSProtocol

/// Reads resources that come without a name beside them: in a state-of-the-world response, or in a file.
package enum ResourceEnvelope {
    /// - Parameter place: For the message of an error.
    package static func open(
        _ any: Google_Protobuf_Any, _ place: String, _ type: ResourceType
    ) throws(XDSClientError) -> XDSResource {
        var any = any
        // A server may wrap resources as the delta variant does (xDS protocol, "Resource" in `DiscoveryResponse`).
        if any.typeURL == "type.googleapis.com/envoy.service.discovery.v3.Resource",
            let wrapped = try? Envoy_Service_Discovery_V3_Resource(serializedBytes: any.value)
        {
            any = wrapped.resource
        }
        try Self.check(any, place, type)
        guard let name = Self.name(any, type) else { throw XDSClientError(.invalidAnswer, "\(place): cannot be parsed") }
        guard !name.isEmpty else { throw XDSClientError(.invalidAnswer, "\(place).name: is empty") }
        return XDSResource(name: name, payload: Array(any.value))
    }

    static func check(_ any: Google_Protobuf_Any, _ place: String, _ type: ResourceType) throws(XDSClientError) {
        guard any.typeURL == type.typeURL else {
            throw XDSClientError(.invalidAnswer, "\(place): is a \(any.typeURL), not a \(type.typeURL)")
        }
    }

    /// Nil if it cannot be parsed.
    private static func name(_ any: Google_Protobuf_Any, _ type: ResourceType) -> String? {
        switch type {
        case .cluster: (try? Envoy_Config_Cluster_V3_Cluster(serializedBytes: any.value))?.name
        case .endpoints: (try? Envoy_Config_Endpoint_V3_ClusterLoadAssignment(serializedBytes: any.value))?.clusterName
        case .listener: (try? Envoy_Config_Listener_V3_Listener(serializedBytes: any.value))?.name
        case .routes: (try? Envoy_Config_Route_V3_RouteConfiguration(serializedBytes: any.value))?.name
        case .secret: (try? Envoy_Extensions_TransportSockets_Tls_V3_Secret(serializedBytes: any.value))?.name
        }
    }
}
