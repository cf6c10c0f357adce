// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import ProxyModel
import SwiftProtobuf

/// `typed_per_filter_config`: what a route, virtual host or table says to filters.
enum RouteFilterDecoder {
    static func decode(_ filters: [String: Google_Protobuf_Any], _ context: FieldContext) throws(DecodingError) -> RouteFilters {
        var result: RouteFilters = [:]
        for name in filters.keys.sorted() {
            guard let any = filters[name] else { continue }
            result[name] = try Self.filter(any, context.entry("typed_per_filter_config", name))
        }
        return result
    }

    private static func filter(_ any: Google_Protobuf_Any, _ place: FieldContext) throws(DecodingError) -> RouteFilter {
        switch any.typeURL {
        case TypeURL.filterConfig:
            let (setting, inner) = try place.unpack(any, as: Envoy_Config_Route_V3_FilterConfig.self)
            if setting.disabled { return .off }
            let config = inner.field("config")
            guard setting.hasConfig else { throw config.error("is missing, and the filter is not disabled") }
            guard setting.config.typeURL != TypeURL.filterConfig else { throw config.error("is a FilterConfig in a FilterConfig") }
            return try Self.filter(setting.config, config)
        case TypeURL.httpFault:
            let (fault, inner) = try place.unpack(any, as: Envoy_Extensions_Filters_Http_Fault_V3_HTTPFault.self)
            return .fault(try FaultDecoder.decode(fault, inner))
        case TypeURL.httpRBACPerRoute:
            let (perRoute, inner) = try place.unpack(any, as: Envoy_Extensions_Filters_Http_Rbac_V3_RBACPerRoute.self)
            guard perRoute.hasRbac else { return .authorization(nil) }
            return .authorization(try AuthorizationDecoder.filter(perRoute.rbac, inner.field("rbac")))
        case TypeURL.corsPolicy:
            let (policy, inner) = try place.unpack(any, as: Envoy_Extensions_Filters_Http_Cors_V3_CorsPolicy.self)
            return .crossOrigin(try CrossOriginDecoder.decode(policy, inner))
        case TypeURL.localRateLimit:
            let (limit, inner) = try place.unpack(any, as: Envoy_Extensions_Filters_Http_LocalRatelimit_V3_LocalRateLimit.self)
            let decoded = try LocalRateLimitDecoder.decode(limit, inner)
            guard decoded.bucket != nil else { throw inner.field("token_bucket").error("is missing: a route has to have its own") }
            return .localRateLimit(decoded)
        case TypeURL.headerMutationPerRoute:
            let (edits, inner) = try place.unpack(
                any, as: Envoy_Extensions_Filters_Http_HeaderMutation_V3_HeaderMutationPerRoute.self)
            return .headerMutation(try HeaderStepsDecoder.decode(edits.mutations, inner.field("mutations")))
        default:
            throw place.error("\(any.typeURL) is not supported by this proxy")
        }
    }
}
