// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import ProxyModel
import SwiftProtobuf

/// Which cluster, or which of several by weight.
enum ClusterChoiceDecoder {
    static func decode(
        _ weighted: Envoy_Config_Route_V3_WeightedCluster, _ context: FieldContext
    ) throws(DecodingError) -> ClusterChoice {
        var clusters: [WeightedCluster] = []
        for (index, entry) in weighted.clusters.enumerated() {
            let place = context.element("clusters", index)
            try place.refuse(entry.hasMetadataMatch, "metadata_match")
            guard entry.hasWeight else { throw place.field("weight").error("is missing") }
            clusters.append(
                WeightedCluster(
                    name: try place.nonEmpty(entry.name, "name"), weight: entry.weight.value,
                    requestHeaders: try HeaderMutationDecoder.decode(
                        adding: entry.requestHeadersToAdd, removing: entry.requestHeadersToRemove, place, side: "request"),
                    responseHeaders: try HeaderMutationDecoder.decode(
                        adding: entry.responseHeadersToAdd, removing: entry.responseHeadersToRemove, place, side: "response"),
                    hostRewrite: entry.hostRewriteLiteral.isEmpty ? nil : entry.hostRewriteLiteral,
                    filters: try RouteFilterDecoder.decode(entry.typedPerFilterConfig, place)))
        }
        return try Self.checked(clusters, context)
    }

    static func decode(
        _ weighted: Envoy_Extensions_Filters_Network_TcpProxy_V3_TcpProxy.WeightedCluster, _ context: FieldContext
    ) throws(DecodingError) -> ClusterChoice {
        var clusters: [WeightedCluster] = []
        for (index, entry) in weighted.clusters.enumerated() {
            let place = context.element("clusters", index)
            guard entry.weight > 0 else { throw place.field("weight").error("is zero") }
            clusters.append(WeightedCluster(name: try place.nonEmpty(entry.name, "name"), weight: entry.weight))
        }
        return try Self.checked(clusters, context)
    }

    private static func checked(_ clusters: [WeightedCluster], _ context: FieldContext) throws(DecodingError) -> ClusterChoice {
        let sum = clusters.reduce(UInt64(0)) { $0 + UInt64($1.weight) }
        guard sum > 0, sum <= UInt64(UInt32.max) else {
            throw context.error("weights have to add up to something from 1 to 2^32-1")
        }
        return .weighted(clusters)
    }
}
