// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import ProxyModel
import SwiftProtobuf

/// One filter chain: network filters that check, then one that ends the chain.
enum FilterChainDecoder {
    static func decode(
        _ chain: Envoy_Config_Listener_V3_FilterChain, _ context: FieldContext
    ) throws(DecodingError) -> FilterChain {
        var authorization: [AuthorizationFilter] = []
        var terminal: TerminalFilter?
        for (index, filter) in chain.filters.enumerated() {
            let place = context.element("filters", index)
            guard terminal == nil else { throw place.error("stands behind the filter that ends the chain") }
            guard case .typedConfig(let any)? = filter.configType else {
                throw place.error("filter \(filter.name) has no configuration")
            }
            switch any.typeURL {
            case TypeURL.networkRBAC:
                authorization.append(try Self.authorization(any, place.field("typed_config")))
            case TypeURL.httpConnectionManager:
                let (manager, inner) = try place.field("typed_config").unpack(
                    any, as: Envoy_Extensions_Filters_Network_HttpConnectionManager_V3_HttpConnectionManager.self)
                terminal = .http(try ConnectionManagerDecoder.decode(manager, inner))
            case TypeURL.tcpProxy:
                terminal = .tcp(try Self.tcpProxy(any, place.field("typed_config")))
            default:
                throw place.field("typed_config").error("\(any.typeURL) is not supported by this proxy")
            }
        }
        guard let terminal else { throw context.field("filters").error("no filter ends the chain") }
        var result = FilterChain(
            name: chain.name, match: try Self.match(chain.filterChainMatch, context.field("filter_chain_match")),
            authorization: authorization, terminal: terminal)
        if chain.hasTransportSocket {
            result.tls = try TLSDecoder.server(chain.transportSocket, context.field("transport_socket"))
        }
        if chain.hasTransportSocketConnectTimeout {
            result.transportTimeout = try context.duration(
                chain.transportSocketConnectTimeout, "transport_socket_connect_timeout")
        }
        return result
    }

    private static func match(
        _ match: Envoy_Config_Listener_V3_FilterChainMatch, _ context: FieldContext
    ) throws(DecodingError) -> FilterChainMatch {
        var result = FilterChainMatch(
            destinationRanges: try MatchDecoder.ranges(match.prefixRanges, context, "prefix_ranges"),
            directSourceRanges: try MatchDecoder.ranges(
                match.directSourcePrefixRanges, context, "direct_source_prefix_ranges"),
            sourceRanges: try MatchDecoder.ranges(match.sourcePrefixRanges, context, "source_prefix_ranges"),
            serverNames: match.serverNames.map { $0.lowercased() }, applicationProtocols: match.applicationProtocols)
        switch match.sourceType {
        case .any: break
        case .sameIpOrLoopback: result.sourceType = .local
        case .external: result.sourceType = .external
        case .UNRECOGNIZED: throw context.field("source_type").error("is not known")
        }
        if match.hasDestinationPort {
            result.destinationPort = try context.port(match.destinationPort.value, "destination_port")
        }
        for port in match.sourcePorts { result.sourcePorts.append(try context.port(port, "source_ports")) }
        if !match.transportProtocol.isEmpty {
            guard let transport = FilterChainMatch.Transport(rawValue: match.transportProtocol) else {
                throw context.field("transport_protocol").error("\(match.transportProtocol) is not supported by this proxy")
            }
            result.transport = transport
        }
        return result
    }

    private static func authorization(
        _ any: Google_Protobuf_Any, _ context: FieldContext
    ) throws(DecodingError) -> AuthorizationFilter {
        let (rbac, inner) = try context.unpack(any, as: Envoy_Extensions_Filters_Network_Rbac_V3_RBAC.self)
        // Rules and what they ask about a connection do not change while it lasts: asked once or for all bytes, they say the same.
        if case .UNRECOGNIZED = rbac.enforcementType { throw inner.field("enforcement_type").error("is unknown") }
        return AuthorizationFilter(
            rules: rbac.hasRules ? try AuthorizationDecoder.rules(rbac.rules, inner.field("rules")) : nil,
            shadowRules: rbac.hasShadowRules
                ? try AuthorizationDecoder.rules(rbac.shadowRules, inner.field("shadow_rules")) : nil,
            statPrefix: rbac.statPrefix, shadowStatPrefix: rbac.shadowRulesStatPrefix)
    }

    private static func tcpProxy(_ any: Google_Protobuf_Any, _ context: FieldContext) throws(DecodingError) -> TCPProxy {
        let (proxy, inner) = try context.unpack(any, as: Envoy_Extensions_Filters_Network_TcpProxy_V3_TcpProxy.self)
        let clusters: ClusterChoice
        switch proxy.clusterSpecifier {
        case .cluster(let name): clusters = .single(try inner.nonEmpty(name, "cluster"))
        case .weightedClusters(let weighted):
            clusters = try ClusterChoiceDecoder.decode(weighted, inner.field("weighted_clusters"))
        case nil: throw inner.error("names no cluster")
        }
        var result = TCPProxy(
            statPrefix: proxy.statPrefix, clusters: clusters, accessLogs: try AccessLogDecoder.decode(proxy.accessLog, inner))
        for (index, policy) in proxy.hashPolicy.enumerated() {
            guard case .sourceIp? = policy.policySpecifier else { throw inner.element("hash_policy", index).error("is empty") }
            result.hashesSource = true
        }
        if proxy.hasMaxDownstreamConnectionDuration {
            result.maxDownstreamDuration = try inner.duration(
                proxy.maxDownstreamConnectionDuration, "max_downstream_connection_duration")
        }
        if proxy.hasIdleTimeout { result.idleTimeout = try inner.duration(proxy.idleTimeout, "idle_timeout") }
        if proxy.hasMaxConnectAttempts { result.maxConnectAttempts = max(1, Int(proxy.maxConnectAttempts.value)) }
        return result
    }
}
