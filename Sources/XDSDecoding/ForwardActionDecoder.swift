// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import ProxyModel
import SwiftProtobuf

/// Forwarding: cluster, timeouts, retries, rewrites.
enum ForwardActionDecoder {
    static func decode(
        _ action: Envoy_Config_Route_V3_RouteAction, hostRetry: RetryPolicy?, _ context: FieldContext
    ) throws(DecodingError) -> ForwardAction {
        try context.refuse(action.hasMetadataMatch, "metadata_match")
        try context.refuse(action.priority != .default, "priority")
        let clusters: ClusterChoice
        switch action.clusterSpecifier {
        case .cluster(let name): clusters = .single(try context.nonEmpty(name, "cluster"))
        case .weightedClusters(let weighted):
            clusters = try ClusterChoiceDecoder.decode(weighted, context.field("weighted_clusters"))
        case nil: throw context.error("names no cluster")
        }
        var result = ForwardAction(clusters: clusters)
        switch action.clusterNotFoundResponseCode {
        case .serviceUnavailable: result.clusterNotFoundStatus = 503
        case .notFound: result.clusterNotFoundStatus = 404
        case .internalServerError: result.clusterNotFoundStatus = 500
        case .UNRECOGNIZED: throw context.field("cluster_not_found_response_code").error("is unknown")
        }
        try Self.timeouts(action, &result, context)
        result.retry =
            action.hasRetryPolicy
            ? try RetryPolicyDecoder.decode(action.retryPolicy, context.field("retry_policy")) : hostRetry
        try Self.rewrites(action, &result, context)
        for (index, policy) in action.hashPolicy.enumerated() {
            result.hashPolicies.append(try Self.hashPolicy(policy, context.element("hash_policy", index)))
        }
        for (index, mirror) in action.requestMirrorPolicies.enumerated() {
            let place = context.element("request_mirror_policies", index)
            let fraction =
                mirror.hasRuntimeFraction
                ? try MatchDecoder.fraction(mirror.runtimeFraction.defaultValue, place.field("runtime_fraction")) : .all
            result.mirrors.append(
                MirrorPolicy(
                    cluster: try place.nonEmpty(mirror.cluster, "cluster"), fraction: fraction,
                    marksHost: !mirror.disableShadowHostSuffixAppend))
        }
        result.rateLimits = try RateLimitRuleDecoder.decode(action.rateLimits, context)
        result.includesHostRateLimits = action.includeVhRateLimits.value
        result.appendsForwardedHost = action.appendXForwardedHost
        for (index, upgrade) in action.upgradeConfigs.enumerated() {
            try Self.upgrade(upgrade, &result, context.element("upgrade_configs", index))
        }
        return result
    }

    private static func upgrade(
        _ upgrade: Envoy_Config_Route_V3_RouteAction.UpgradeConfig, _ result: inout ForwardAction, _ context: FieldContext
    ) throws(DecodingError) {
        let type = try context.nonEmpty(upgrade.upgradeType, "upgrade_type").lowercased()
        guard result.upgrades[type] == nil else { throw context.field("upgrade_type").error("\(type) stands twice") }
        if upgrade.hasConnectConfig {
            let place = context.field("connect_config")
            guard type == "connect" else { throw place.error("belongs to CONNECT only") }
            try place.refuse(upgrade.connectConfig.allowPost, "allow_post")
        }
        result.upgrades[type] = RouteUpgrade(
            isEnabled: !upgrade.hasEnabled || upgrade.enabled.value, terminatesConnect: upgrade.hasConnectConfig)
    }

    private static func timeouts(
        _ action: Envoy_Config_Route_V3_RouteAction, _ result: inout ForwardAction, _ context: FieldContext
    ) throws(DecodingError) {
        if action.hasTimeout { result.timeout = try context.duration(action.timeout, "timeout") }
        if action.hasIdleTimeout { result.idleTimeout = try context.duration(action.idleTimeout, "idle_timeout") }
        guard action.hasMaxStreamDuration else { return }
        let place = context.field("max_stream_duration")
        let limits = action.maxStreamDuration
        if limits.hasMaxStreamDuration {
            result.maxDuration = try place.duration(limits.maxStreamDuration, "max_stream_duration")
        }
        try place.refuse(limits.hasGrpcTimeoutHeaderOffset, "grpc_timeout_header_offset")
        if limits.hasGrpcTimeoutHeaderMax {
            result.maxGRPCTimeout = try place.duration(limits.grpcTimeoutHeaderMax, "grpc_timeout_header_max")
        }
    }

    private static func rewrites(
        _ action: Envoy_Config_Route_V3_RouteAction, _ result: inout ForwardAction, _ context: FieldContext
    ) throws(DecodingError) {
        switch action.hostRewriteSpecifier {
        case .hostRewriteLiteral(let host): result.hostRewrite = .literal(host)
        case .autoHostRewrite(let isAutomatic): result.hostRewrite = isAutomatic.value ? .endpoint : nil
        case nil: break
        }
        if action.hasRegexRewrite {
            try context.refuse(!action.prefixRewrite.isEmpty, "prefix_rewrite")
            result.pathRewrite = .regex(
                pattern: try MatchDecoder.regex(action.regexRewrite.pattern, context.field("regex_rewrite.pattern")),
                substitution: action.regexRewrite.substitution)
        } else if !action.prefixRewrite.isEmpty {
            result.pathRewrite = .prefix(action.prefixRewrite)
        }
    }

    private static func hashPolicy(
        _ policy: Envoy_Config_Route_V3_RouteAction.HashPolicy, _ context: FieldContext
    ) throws(DecodingError) -> HashPolicy {
        switch policy.policySpecifier {
        case .header(let header): return .header(header.headerName.lowercased(), terminal: policy.terminal)
        case .cookie(let cookie):
            let ttl = cookie.hasTtl ? try context.duration(cookie.ttl, "cookie.ttl") : nil
            return .cookie(name: cookie.name, path: cookie.path, ttl: ttl, terminal: policy.terminal)
        case .connectionProperties(let connection):
            guard connection.sourceIp else { throw context.error("hashes by nothing") }
            return .sourceAddress(terminal: policy.terminal)
        case .queryParameter(let parameter): return .queryParameter(parameter.name, terminal: policy.terminal)
        case nil: throw context.error("hashes by nothing")
        }
    }
}
