// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import ProxyModel
import SwiftProtobuf

/// CORS policies.
enum CrossOriginDecoder {
    static func decode(
        _ policy: Envoy_Extensions_Filters_Http_Cors_V3_CorsPolicy, _ context: FieldContext
    ) throws(DecodingError) -> CrossOriginPolicy {
        var result = CrossOriginPolicy(
            allowedMethods: policy.allowMethods, allowedHeaders: policy.allowHeaders, exposedHeaders: policy.exposeHeaders,
            maxAge: policy.maxAge)
        for (index, origin) in policy.allowOriginStringMatch.enumerated() {
            result.allowedOrigins.append(try MatchDecoder.text(origin, context.element("allow_origin_string_match", index)))
        }
        if policy.hasAllowCredentials { result.allowsCredentials = policy.allowCredentials.value }
        if policy.hasAllowPrivateNetworkAccess { result.allowsPrivateNetwork = policy.allowPrivateNetworkAccess.value }
        if policy.hasForwardNotMatchingPreflights {
            result.forwardsOtherPreflights = policy.forwardNotMatchingPreflights.value
        }
        if policy.hasFilterEnabled {
            result.enabled = try MatchDecoder.fraction(policy.filterEnabled, context.field("filter_enabled"))
        }
        if policy.hasShadowEnabled {
            result.shadow = try MatchDecoder.fraction(policy.shadowEnabled, context.field("shadow_enabled"))
        }
        return result
    }
}
