// SPDX-License-Identifier: Apache-2.0
package import EnvoyAPI
package import ProxyModel
import SwiftProtobuf

/// ClusterLoadAssignment → EndpointSet.
package enum EndpointDecoder {
    /// Most priorities that make sense; Envoy's own limit.
    private static let maximumPriority: UInt32 = 128

    package static func decode(
        _ assignment: Envoy_Config_Endpoint_V3_ClusterLoadAssignment
    ) throws(DecodingError) -> EndpointSet {
        try Self.decode(assignment, FieldContext(typeURL: TypeURL.endpoints))
    }

    static func decode(
        _ assignment: Envoy_Config_Endpoint_V3_ClusterLoadAssignment, _ context: FieldContext, takesNames: Bool = false
    ) throws(DecodingError) -> EndpointSet {
        try context.refuse(assignment.policy.weightedPriorityHealth, "policy.weighted_priority_health")
        var set = EndpointSet()
        if assignment.policy.hasOverprovisioningFactor {
            set.overprovisioningFactor = Int(assignment.policy.overprovisioningFactor.value)
        }
        for (index, group) in assignment.endpoints.enumerated() {
            let place = context.element("endpoints", index)
            guard group.priority <= Self.maximumPriority else {
                throw place.field("priority").error("is above \(Self.maximumPriority)")
            }
            for (inner, endpoint) in group.lbEndpoints.enumerated() {
                let place = place.element("lb_endpoints", inner)
                let decoded = try Self.endpoint(endpoint, in: group, place)
                if !takesNames, case .host(let host, _) = decoded.address, IPAddressBytes.parse(host) == nil {
                    throw place.field("endpoint.address.socket_address.address").error("\(host) is no IP address")
                }
                set.endpoints.append(decoded)
            }
        }
        return set
    }

    private static func endpoint(
        _ endpoint: Envoy_Config_Endpoint_V3_LbEndpoint, in group: Envoy_Config_Endpoint_V3_LocalityLbEndpoints,
        _ context: FieldContext
    ) throws(DecodingError) -> Endpoint {
        guard case .endpoint(let host)? = endpoint.hostIdentifier else { throw context.error("has no endpoint") }
        let weight = endpoint.hasLoadBalancingWeight ? endpoint.loadBalancingWeight.value : 1
        guard weight > 0 else { throw context.field("load_balancing_weight").error("is zero") }
        let istio = MetadataReader.fields(endpoint.metadata, MetadataKey.istio)
        return Endpoint(
            address: try AddressDecoder.decode(host.address, context.field("endpoint.address")),
            hostname: host.hostname,
            locality: Locality(
                region: group.locality.region, zone: group.locality.zone, subZone: group.locality.subZone),
            priority: Int(group.priority),
            weight: weight,
            localityWeight: group.hasLoadBalancingWeight ? group.loadBalancingWeight.value : nil,
            health: Self.health(endpoint.healthStatus),
            transportLabels: MetadataReader.texts(
                MetadataReader.fields(endpoint.metadata, MetadataKey.transportSocketMatch)),
            hashKey: MetadataReader.text(MetadataReader.fields(endpoint.metadata, MetadataKey.balancing)["hash_key"]) ?? "",
            workload: MetadataReader.text(istio["workload"]) ?? "")
    }

    private static func health(_ status: Envoy_Config_Core_V3_HealthStatus) -> Endpoint.Health {
        switch status {
        case .unknown, .healthy: .healthy
        case .degraded: .degraded
        case .draining: .draining
        default: .unhealthy
        }
    }
}
