// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import ProxyModel
import SwiftProtobuf

/// `rate_limits`: what requests are called when their rate is limited.
enum RateLimitRuleDecoder {
    static func decode(
        _ limits: [Envoy_Config_Route_V3_RateLimit], _ context: FieldContext
    ) throws(DecodingError) -> [RateLimitRule] {
        var rules: [RateLimitRule] = []
        for (index, limit) in limits.enumerated() {
            let place = context.element("rate_limits", index)
            guard !limit.actions.isEmpty else { throw place.field("actions").error("is empty") }
            var rule = RateLimitRule(stage: try Self.stage(limit.stage.value, place), actions: [])
            for (index, action) in limit.actions.enumerated() {
                rule.actions.append(try Self.action(action, place.element("actions", index)))
            }
            rules.append(rule)
        }
        return rules
    }

    static func stage(_ stage: UInt32, _ context: FieldContext) throws(DecodingError) -> UInt32 {
        guard stage <= 10 else { throw context.field("stage").error("is above 10") }
        return stage
    }

    private static func action(
        _ action: Envoy_Config_Route_V3_RateLimit.Action, _ context: FieldContext
    ) throws(DecodingError) -> RateLimitRule.Action {
        switch action.actionSpecifier {
        case .sourceCluster: return .sourceCluster
        case .destinationCluster: return .destinationCluster
        case .remoteAddress: return .clientAddress
        case .maskedRemoteAddress(let masked):
            let place = context.field("masked_remote_address")
            return .clientNetwork(
                v4: try Self.length(masked.hasV4PrefixMaskLen ? masked.v4PrefixMaskLen.value : 32, 32, place, "v4_prefix_mask_len"),
                v6: try Self.length(
                    masked.hasV6PrefixMaskLen ? masked.v6PrefixMaskLen.value : 128, 128, place, "v6_prefix_mask_len")
            )
        case .requestHeaders(let header):
            let place = context.field("request_headers")
            return .header(
                name: try place.nonEmpty(header.headerName, "header_name").lowercased(),
                key: try place.nonEmpty(header.descriptorKey, "descriptor_key"), isOptional: header.skipIfAbsent)
        case .genericKey(let constant):
            return .constant(
                key: constant.descriptorKey.isEmpty ? "generic_key" : constant.descriptorKey,
                value: try Self.value(constant.descriptorValue, context.field("generic_key")))
        case .headerValueMatch(let match):
            let place = context.field("header_value_match")
            guard !match.headers.isEmpty else { throw place.field("headers").error("is empty") }
            return .headers(
                key: match.descriptorKey.isEmpty ? "header_match" : match.descriptorKey,
                value: try Self.value(match.descriptorValue, place), expects: !match.hasExpectMatch || match.expectMatch.value,
                try MatchDecoder.headers(match.headers, place, "headers"))
        case .queryParameterValueMatch(let match):
            let place = context.field("query_parameter_value_match")
            guard !match.queryParameters.isEmpty else { throw place.field("query_parameters").error("is empty") }
            return .query(
                key: match.descriptorKey.isEmpty ? "query_match" : match.descriptorKey,
                value: try Self.value(match.descriptorValue, place), expects: !match.hasExpectMatch || match.expectMatch.value,
                try MatchDecoder.queryParameters(match.queryParameters, place, "query_parameters"))
        case nil: throw context.error("has no action")
        }
    }

    private static func length(
        _ length: UInt32, _ limit: UInt32, _ context: FieldContext, _ name: String
    ) throws(DecodingError) -> Int {
        guard length <= limit else { throw context.field(name).error("is above \(limit)") }
        return Int(length)
    }

    /// Operators in values are newer than what Envoy documents.
    private static func value(_ value: String, _ context: FieldContext) throws(DecodingError) -> String {
        let value = try context.nonEmpty(value, "descriptor_value")
        guard !value.contains("%") else { throw context.field("descriptor_value").error("with % is not supported by this proxy") }
        return value
    }
}
