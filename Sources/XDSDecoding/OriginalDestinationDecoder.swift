// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import ProxyModel
import SwiftProtobuf

/// What a cluster of type `ORIGINAL_DST` says.
enum OriginalDestinationDecoder {
    private static let defaultHeader = "x-envoy-original-dst-host"

    static func decode(
        _ cluster: Envoy_Config_Cluster_V3_Cluster, _ context: FieldContext
    ) throws(DecodingError) -> OriginalDestinationPolicy {
        guard cluster.lbPolicy == .clusterProvided else {
            throw context.field("lb_policy").error("ORIGINAL_DST takes only CLUSTER_PROVIDED")
        }
        let policies = cluster.loadBalancingPolicy.policies.map(\.typedExtensionConfig.typedConfig.typeURL)
        guard policies.allSatisfy({ $0 == TypeURL.clusterProvided }) else {
            throw context.field("load_balancing_policy.policies").error("ORIGINAL_DST takes only ClusterProvided")
        }
        guard cluster.loadAssignment.endpoints.isEmpty else {
            throw context.field("load_assignment").error("ORIGINAL_DST takes no endpoints")
        }
        try context.refuse(cluster.hasOutlierDetection, "outlier_detection of ORIGINAL_DST")
        var policy = OriginalDestinationPolicy()
        if cluster.hasCleanupInterval {
            policy.cleanupInterval = try context.duration(cluster.cleanupInterval, "cleanup_interval")
            guard policy.cleanupInterval > .zero else { throw context.field("cleanup_interval").error("is zero") }
        }
        let settings = cluster.originalDstLbConfig
        let place = context.field("original_dst_lb_config")
        if settings.useHTTPHeader {
            policy.headerName = settings.httpHeaderName.isEmpty ? Self.defaultHeader : settings.httpHeaderName.lowercased()
        } else if !settings.httpHeaderName.isEmpty {
            throw place.field("http_header_name").error("is set without use_http_header")
        }
        if settings.hasUpstreamPortOverride {
            policy.port = try place.port(settings.upstreamPortOverride.value, "upstream_port_override")
        }
        return policy
    }
}
