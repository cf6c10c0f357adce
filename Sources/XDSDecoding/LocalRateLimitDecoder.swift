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
        try Self.names(limit, &result, context)
        switch limit.enableXRatelimitHeaders {
        case .off: break
        case .draftVersion03: result.tellsLimits = true
        case .UNRECOGNIZED: throw context.field("enable_x_ratelimit_headers").error("is unknown")
        }
        return result
    }

    /// How requests are called, and who has a bucket of his own.
    private static func names(
        _ limit: Envoy_Extensions_Filters_Http_LocalRatelimit_V3_LocalRateLimit, _ result: inout LocalRateLimit,
        _ context: FieldContext
    ) throws(DecodingError) {
        for (index, descriptor) in limit.descriptors.enumerated() {
            let place = context.element("descriptors", index)
            guard !descriptor.entries.isEmpty else { throw place.field("entries").error("is empty") }
            var name = RateLimitDescriptor([])
            for (index, entry) in descriptor.entries.enumerated() {
                let spot = place.element("entries", index)
                // Without one, Envoy makes a bucket for each value that comes.
                guard !entry.value.isEmpty else { throw spot.field("value").error("is empty, which this proxy does not support") }
                name.entries.append(.init(key: try spot.nonEmpty(entry.key, "key"), value: entry.value))
            }
            let bucket = try Self.bucket(descriptor.tokenBucket, place.field("token_bucket"))
            guard result.descriptors.updateValue(bucket, forKey: name) == nil else { throw place.error("stands twice") }
        }
        result.stage = try RateLimitRuleDecoder.stage(limit.stage, context)
        for (index, rule) in limit.rateLimits.enumerated() {
            try context.element("rate_limits", index).refuse(rule.hasStage, "stage")
        }
        result.rules = try RateLimitRuleDecoder.decode(limit.rateLimits, context)
        switch limit.vhRateLimits {
        case .override: result.hostRules = .replaced
        case .include: result.hostRules = .added
        case .ignore: result.hostRules = .ignored
        case .UNRECOGNIZED: throw context.field("vh_rate_limits").error("is unknown")
        }
        if limit.hasAlwaysConsumeDefaultTokenBucket {
            result.alwaysTakesFromBucket = limit.alwaysConsumeDefaultTokenBucket.value
        }
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
