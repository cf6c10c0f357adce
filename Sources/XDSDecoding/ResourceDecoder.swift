// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
package import ProxyModel
import SwiftProtobuf

/// A resource of any type that this proxy runs.
package enum DecodedResource: Sendable, Hashable {
    case listener(Listener)
    case routes(RouteTable)
    case cluster(Cluster)
    case endpoints(name: String, EndpointSet)
    case secret(name: String, TLSSecret)
}

/// Bytes from the control plane to what the proxy runs, or why not.
package enum ResourceDecoder {
    /// - Parameters:
    ///   - name: As the response names it; the resource has to bear the same. Empty: not compared.
    package static func decode(
        typeURL: String, name: String, payload: [UInt8]
    ) throws(DecodingError) -> DecodedResource {
        let context = FieldContext(typeURL: typeURL)
        switch typeURL {
        case TypeURL.listener:
            let message = try context.parse(payload, as: Envoy_Config_Listener_V3_Listener.self)
            try Self.check(message.name, is: name, context)
            return .listener(try ListenerDecoder.decode(message))
        case TypeURL.routes:
            let message = try context.parse(payload, as: Envoy_Config_Route_V3_RouteConfiguration.self)
            try Self.check(message.name, is: name, context)
            return .routes(try RouteTableDecoder.decode(message))
        case TypeURL.cluster:
            let message = try context.parse(payload, as: Envoy_Config_Cluster_V3_Cluster.self)
            try Self.check(message.name, is: name, context)
            return .cluster(try ClusterDecoder.decode(message))
        case TypeURL.endpoints:
            let message = try context.parse(payload, as: Envoy_Config_Endpoint_V3_ClusterLoadAssignment.self)
            try Self.check(message.clusterName, is: name, context)
            return .endpoints(name: message.clusterName, try EndpointDecoder.decode(message))
        case TypeURL.secret:
            let message = try context.parse(payload, as: Envoy_Extensions_TransportSockets_Tls_V3_Secret.self)
            try Self.check(message.name, is: name, context)
            return .secret(name: message.name, try TLSDecoder.secret(message, context))
        default:
            throw context.error("this type is not supported by this proxy")
        }
    }

    private static func check(_ own: String, is name: String, _ context: FieldContext) throws(DecodingError) {
        guard name.isEmpty || own == name else { throw context.error("is named \"\(own)\", but was sent as \"\(name)\"") }
    }
}
