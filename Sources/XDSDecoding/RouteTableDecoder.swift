// SPDX-License-Identifier: Apache-2.0
package import EnvoyAPI
package import ProxyModel
import SwiftProtobuf

/// RouteConfiguration → RouteTable.
package enum RouteTableDecoder {
    package static func decode(
        _ configuration: Envoy_Config_Route_V3_RouteConfiguration
    ) throws(DecodingError) -> RouteTable {
        try Self.decode(configuration, FieldContext(typeURL: TypeURL.routes))
    }

    static func decode(
        _ configuration: Envoy_Config_Route_V3_RouteConfiguration, _ context: FieldContext
    ) throws(DecodingError) -> RouteTable {
        var table = RouteTable(
            name: configuration.name,
            requestHeaders: try HeaderMutationDecoder.decode(
                adding: configuration.requestHeadersToAdd, removing: configuration.requestHeadersToRemove, context,
                side: "request"),
            responseHeaders: try HeaderMutationDecoder.decode(
                adding: configuration.responseHeadersToAdd, removing: configuration.responseHeadersToRemove, context,
                side: "response"),
            ignoresPortInHost: configuration.ignorePortInHostMatching,
            filters: try RouteFilterDecoder.decode(configuration.typedPerFilterConfig, context))
        var seen: [String: String] = [:]
        for (index, host) in configuration.virtualHosts.enumerated() {
            let place = context.element("virtual_hosts", index)
            for domain in host.domains {
                if let other = seen.updateValue(host.name, forKey: domain.lowercased()) {
                    throw place.field("domains").error("domain \(domain) belongs to virtual host \(other) already")
                }
            }
            table.virtualHosts.append(try Self.virtualHost(host, place))
        }
        return table
    }

    private static func virtualHost(
        _ host: Envoy_Config_Route_V3_VirtualHost, _ context: FieldContext
    ) throws(DecodingError) -> VirtualHost {
        guard !host.domains.isEmpty else { throw context.field("domains").error("is empty") }
        let retry = host.hasRetryPolicy ? try RetryPolicyDecoder.decode(host.retryPolicy, context.field("retry_policy")) : nil
        var routes: [Route] = []
        for (index, route) in host.routes.enumerated() {
            routes.append(try RouteDecoder.decode(route, hostRetry: retry, context.element("routes", index)))
        }
        var result = VirtualHost(
            name: try context.nonEmpty(host.name, "name"), domains: host.domains.map { $0.lowercased() }, routes: routes,
            requestHeaders: try HeaderMutationDecoder.decode(
                adding: host.requestHeadersToAdd, removing: host.requestHeadersToRemove, context, side: "request"),
            responseHeaders: try HeaderMutationDecoder.decode(
                adding: host.responseHeadersToAdd, removing: host.responseHeadersToRemove, context, side: "response"),
            includesAttemptCount: host.includeRequestAttemptCount,
            filters: try RouteFilterDecoder.decode(host.typedPerFilterConfig, context),
            rateLimits: try RateLimitRuleDecoder.decode(host.rateLimits, context))
        result.tellsAttemptCount = host.includeAttemptCountInResponse
        switch host.requireTls {
        case .none: break
        // No caller counts as internal here (`internal_address_config` is refused), as in Envoy without it.
        case .all, .externalOnly: result.requiresTLS = true
        case .UNRECOGNIZED: throw context.field("require_tls").error("is unknown")
        }
        return result
    }
}
