// SPDX-License-Identifier: Apache-2.0
package import EnvoyAPI
package import ProxyModel
import SwiftProtobuf

/// Cluster → Cluster.
///
/// Taken without acting on it: docs/envoy-compatibility.md, "Harmless fields".
package enum ClusterDecoder {
    private typealias Wire = Envoy_Config_Cluster_V3_Cluster

    package static func decode(_ cluster: Envoy_Config_Cluster_V3_Cluster) throws(DecodingError) -> Cluster {
        let context = FieldContext(typeURL: TypeURL.cluster)
        try Self.refuseUnsupported(cluster, context)
        let (policy, weighsLocalities) = try BalancingPolicyDecoder.decode(cluster, context)
        var result = Cluster(
            name: try context.nonEmpty(cluster.name, "name"), endpointSource: try Self.source(cluster, context),
            balancing: policy,
            circuitLimits: try CircuitLimitsDecoder.decode(cluster.circuitBreakers, context.field("circuit_breakers")))
        if cluster.hasConnectTimeout {
            result.connectTimeout = try context.duration(cluster.connectTimeout, "connect_timeout")
            guard result.connectTimeout > .zero else { throw context.field("connect_timeout").error("is zero") }
        }
        if cluster.hasOutlierDetection {
            result.outlierPolicy = try OutlierPolicyDecoder.decode(
                cluster.outlierDetection, context.field("outlier_detection"))
        }
        if cluster.hasTransportSocket {
            (result.proxyProtocol, result.tls) = try ProxyProtocolDecoder.client(
                cluster.transportSocket, context.field("transport_socket"))
        }
        for (index, match) in cluster.transportSocketMatches.enumerated() {
            let place = context.element("transport_socket_matches", index)
            let (proxyProtocol, tls) = try ProxyProtocolDecoder.client(
                match.transportSocket, place.field("transport_socket"))
            result.transportMatches.append(
                Cluster.TransportMatch(
                    name: match.name, labels: MetadataReader.texts(match.match.fields), tls: tls, proxyProtocol: proxyProtocol))
        }
        if cluster.commonLbConfig.hasHealthyPanicThreshold {
            result.panicThreshold = cluster.commonLbConfig.healthyPanicThreshold.value
        }
        result.weighsLocalities = weighsLocalities
        try Self.protocolOptions(cluster, &result, context)
        if cluster.upstreamConnectionOptions.hasTcpKeepalive {
            let probes = cluster.upstreamConnectionOptions.tcpKeepalive
            result.tcpKeepAlive = TCPKeepAlive(
                probes: Self.positive(probes.keepaliveProbes), time: Self.positive(probes.keepaliveTime),
                interval: Self.positive(probes.keepaliveInterval))
        }
        result.service = Self.service(cluster)
        result.alternateStatName = cluster.altStatName.isEmpty ? nil : cluster.altStatName
        return result
    }

    /// The system takes no zero, and no more than fits its number.
    private static func positive(_ value: Google_Protobuf_UInt32Value) -> Int? {
        value.value == 0 ? nil : Int(min(value.value, UInt32(Int32.max)))
    }

    private static func refuseUnsupported(_ cluster: Wire, _ context: FieldContext) throws(DecodingError) {
        try context.refuse(cluster.hasUpstreamBindConfig, "upstream_bind_config")
        try context.refuse(cluster.hasLbSubsetConfig, "lb_subset_config")
        try context.refuse(!cluster.filters.isEmpty, "filters")
        try context.refuse(cluster.closeConnectionsOnHostHealthFailure, "close_connections_on_host_health_failure")
        try context.field("common_lb_config").refuse(
            cluster.commonLbConfig.closeConnectionsOnHostSetChange, "close_connections_on_host_set_change")
    }

    private static func source(_ cluster: Wire, _ context: FieldContext) throws(DecodingError) -> Cluster.EndpointSource {
        switch cluster.type {
        case .static:
            return .fixed(try EndpointDecoder.decode(cluster.loadAssignment, context.field("load_assignment")))
        case .strictDns, .logicalDns:
            let set = try EndpointDecoder.decode(
                cluster.loadAssignment, context.field("load_assignment"), takesNames: true)
            let isLogical = cluster.type == .logicalDns
            if isLogical, set.endpoints.count != 1 { throw context.field("load_assignment").error("has not exactly one endpoint") }
            var resolution = NameResolution(usesAllAddresses: !isLogical, family: try Self.family(cluster, context))
            if cluster.hasDnsRefreshRate {
                resolution.refreshInterval = try context.duration(cluster.dnsRefreshRate, "dns_refresh_rate")
                guard resolution.refreshInterval >= .milliseconds(1) else {
                    throw context.field("dns_refresh_rate").error("is zero")
                }
            }
            return .named(set, resolution)
        case .eds:
            guard cluster.edsClusterConfig.hasEdsConfig else {
                throw context.field("eds_cluster_config.eds_config").error("is missing")
            }
            // Who asks for it: `ResourceReferences`.
            _ = try ConfigurationSourceDecoder.decode(
                cluster.edsClusterConfig.edsConfig, context.field("eds_cluster_config.eds_config"))
            let name = cluster.edsClusterConfig.serviceName
            return .delivered(name.isEmpty ? cluster.name : name)
        case .originalDst:
            return .originalDestination(try OriginalDestinationDecoder.decode(cluster, context))
        case .UNRECOGNIZED:
            throw context.field("type").error("is not supported by this proxy")
        }
    }

    private static func family(_ cluster: Wire, _ context: FieldContext) throws(DecodingError) -> NameResolution.Family {
        switch cluster.dnsLookupFamily {
        case .auto: .automatic
        case .v4Only: .ipv4Only
        case .v6Only: .ipv6Only
        case .v4Preferred: .ipv4Preferred
        case .all: .all
        case .UNRECOGNIZED: throw context.field("dns_lookup_family").error("is not known")
        }
    }

    private static func protocolOptions(_ cluster: Wire, _ result: inout Cluster, _ context: FieldContext) throws(DecodingError) {
        for (key, any) in cluster.typedExtensionProtocolOptions {
            let place = context.entry("typed_extension_protocol_options", key)
            let (options, inner) = try place.unpack(any, as: Envoy_Extensions_Upstreams_Http_V3_HttpProtocolOptions.self)
            result.peerNaming = try PeerNamingDecoder.decode(
                options.upstreamHTTPProtocolOptions, inner.field("upstream_http_protocol_options"))
            let common = options.commonHTTPProtocolOptions
            let commonPlace = inner.field("common_http_protocol_options")
            try commonPlace.refuse(common.hasMaxHeadersCount, "max_headers_count")
            if common.hasIdleTimeout { result.idleTimeout = try commonPlace.duration(common.idleTimeout, "idle_timeout") }
            if common.hasMaxConnectionDuration {
                result.maxConnectionDuration = try commonPlace.duration(
                    common.maxConnectionDuration, "max_connection_duration")
            }
            result.connectionDurationJitter = try commonPlace.share(
                common.maxConnectionDurationJitter, "max_connection_duration_jitter")
            if common.hasMaxRequestsPerConnection {
                result.maxRequestsPerConnection = Int(common.maxRequestsPerConnection.value)
            }
            if common.hasMaxStreamDuration {
                result.maxStreamDuration = try commonPlace.duration(common.maxStreamDuration, "max_stream_duration")
            }
            try Self.upstreamProtocol(options, &result, inner)
        }
    }

    private static func upstreamProtocol(
        _ options: Envoy_Extensions_Upstreams_Http_V3_HttpProtocolOptions, _ result: inout Cluster, _ context: FieldContext
    ) throws(DecodingError) {
        switch options.upstreamProtocolOptions {
        case .explicitHTTPConfig(let explicit):
            switch explicit.protocolConfig {
            case .http2ProtocolOptions(let http2):
                result.upstreamProtocol = .http2
                result.http2 = try HTTP2OptionsDecoder.decode(
                    http2, context.field("explicit_http_config.http2_protocol_options"))
            case .httpProtocolOptions, nil:
                result.upstreamProtocol = .http1
            }
        case .useDownstreamProtocolConfig(let downstream):
            result.upstreamProtocol = .likeDownstream
            result.http2 = try HTTP2OptionsDecoder.decode(
                downstream.http2ProtocolOptions, context.field("use_downstream_protocol_config.http2_protocol_options"))
        case .autoConfig(let automatic):
            // As Envoy: whatever endpoint is chosen, there has to be a handshake to choose the protocol in.
            guard result.tls != nil, result.transportMatches.allSatisfy({ $0.tls != nil }) else {
                throw context.field("auto_config").error("needs TLS to every endpoint: the protocol is chosen by ALPN")
            }
            result.upstreamProtocol = .negotiated
            result.http2 = try HTTP2OptionsDecoder.decode(
                automatic.http2ProtocolOptions, context.field("auto_config.http2_protocol_options"))
        case nil:
            break
        }
    }

    private static func service(_ cluster: Wire) -> ClusterService? {
        let istio = MetadataReader.fields(cluster.metadata, MetadataKey.istio)
        guard case .listValue(let services)? = istio["services"]?.kind,
            case .structValue(let first)? = services.values.first?.kind
        else { return nil }
        let fields = MetadataReader.texts(first.fields)
        return ClusterService(
            host: fields["host"] ?? "", name: fields["name"] ?? "", namespace: fields["namespace"] ?? "")
    }
}
