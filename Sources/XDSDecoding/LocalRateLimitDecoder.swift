// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import ProxyModel
import SwiftProtobuf

/// Local rate limits, with Envoy's bounds.
enum LocalRateLimitDecoder {
    private typealias Wire = Envoy_Extensions_Filters_Http_LocalRatelimit_V3_LocalRateLimit

    static func decode(
        _ limit: Envoy_Extensions_Filters_Http_LocalRatelimit_V3_LocalRateLimit, _ context: FieldContext
    ) throws(DecodingError) -> LocalRateLimit {
        var result = LocalRateLimit(
            statPrefix: try context.nonEmpty(limit.statPrefix, "stat_prefix"),
            responseHeaders: try HeaderMutationDecoder.edits(limit.responseHeadersToAdd, context, "response_headers_to_add"),
            requestHeaders: try HeaderMutationDecoder.edits(
                limit.requestHeadersToAddWhenNotEnforced, context, "request_headers_to_add_when_not_enforced"),
            isPerConnection: limit.localRateLimitPerDownstreamConnection,
            isResourceExhausted: limit.rateLimitedAsResourceExhausted)
        // As Envoy: what is no error would tell the caller that all is well.
        let status = limit.status.code.rawValue
        if (400..<600).contains(status) { result.status = UInt16(status) }
        if limit.hasTokenBucket { result.bucket = try Self.bucket(limit.tokenBucket, context.field("token_bucket")) }
        if limit.hasFilterEnabled {
            result.enabled = try MatchDecoder.fraction(limit.filterEnabled, context.field("filter_enabled"))
        }
        if limit.hasFilterEnforced {
            result.enforced = try MatchDecoder.fraction(limit.filterEnforced, context.field("filter_enforced"))
        }
        switch limit.enableXRatelimitHeaders {
        case .off: break
        case .draftVersion03: result.tellsLimits = true
        case .UNRECOGNIZED: throw context.field("enable_x_ratelimit_headers").error("is unknown")
        }
        return result
    }

    private static func bucket(
        _ bucket: Envoy_Type_V3_TokenBucket, _ context: FieldContext
    ) throws(DecodingError) -> LocalRateLimit.Bucket {
        guard bucket.maxTokens > 0 else { throw context.field("max_tokens").error("is zero") }
        let perFill = bucket.hasTokensPerFill ? bucket.tokensPerFill.value : 1
        guard perFill > 0 else { throw context.field("tokens_per_fill").error("is zero") }
        let interval = try context.duration(bucket.fillInterval, "fill_interval")
        guard interval >= .milliseconds(50) else { throw context.field("fill_interval").error("is below 50 ms") }
        return LocalRateLimit.Bucket(capacity: bucket.maxTokens, tokensPerFill: perFill, fillInterval: interval)
    }
}
