// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import ProxyModel
import SwiftProtobuf

/// HttpConnectionManager → HTTPConnectionManager.
///
/// Taken without acting on it: docs/envoy-compatibility.md, "Harmless fields".
enum ConnectionManagerDecoder {
    private typealias Wire = Envoy_Extensions_Filters_Network_HttpConnectionManager_V3_HttpConnectionManager

    static func decode(
        _ manager: Envoy_Extensions_Filters_Network_HttpConnectionManager_V3_HttpConnectionManager, _ context: FieldContext
    ) throws(DecodingError) -> HTTPConnectionManager {
        try Self.refuseUnsupported(manager, context)
        var result = HTTPConnectionManager(
            statPrefix: manager.statPrefix, codec: try Self.codec(manager, context), routes: try Self.routes(manager, context),
            filters: try HTTPFilterDecoder.decode(manager.httpFilters, context),
            accessLogs: try AccessLogDecoder.decode(manager.accessLog, context))
        if !manager.serverName.isEmpty { result.serverName = manager.serverName }
        switch manager.serverHeaderTransformation {
        case .overwrite: result.serverHeader = .overwrite
        case .appendIfAbsent: result.serverHeader = .appendIfAbsent
        case .passThrough: result.serverHeader = .passThrough
        case .UNRECOGNIZED: throw context.field("server_header_transformation").error("is unknown")
        }
        result.via = manager.via.isEmpty ? nil : manager.via
        result.normalizesPath = manager.normalizePath.value
        result.mergesSlashes = manager.mergeSlashes
        result.generatesRequestID = !manager.hasGenerateRequestID || manager.generateRequestID.value
        result.preservesExternalRequestID = manager.preserveExternalRequestID
        result.useRemoteAddress = manager.useRemoteAddress.value
        result.trustedHops = Int(min(manager.xffNumTrustedHops, 1000))
        if manager.stripMatchingHostPort { result.hostPort = .removedIfOwn }
        if manager.stripAnyHostPort {
            try context.refuse(manager.stripMatchingHostPort, "strip_matching_host_port")
            result.hostPort = .removed
        }
        result.appendsForwardedFor = !manager.skipXffAppend
        result.tellsRequestID = manager.alwaysSetRequestIDInResponse
        result.suppressesEnvoyHeaders = try HTTPFilterDecoder.suppressesEnvoyHeaders(manager.httpFilters, context)
        try Self.doubtful(manager, &result, context)
        result.acceptsHTTP10 = manager.httpProtocolOptions.acceptHTTP10
        let defaultHost = manager.httpProtocolOptions.defaultHostForHTTP10
        if !defaultHost.isEmpty { result.defaultHost = defaultHost }
        result.proxiesInterimResponses = manager.proxy100Continue
        try Self.clientCertificate(manager, &result, context)
        try Self.limits(manager, &result, context)
        var types: Set<String> = []
        for (index, upgrade) in manager.upgradeConfigs.enumerated() {
            let place = context.element("upgrade_configs", index)
            let type = try place.nonEmpty(upgrade.upgradeType, "upgrade_type").lowercased()
            guard types.insert(type).inserted else { throw place.field("upgrade_type").error("\(type) stands twice") }
            if !upgrade.hasEnabled || upgrade.enabled.value { result.upgrades.insert(type) }
        }
        return result
    }

    private static func refuseUnsupported(_ manager: Wire, _ context: FieldContext) throws(DecodingError) {
        try context.refuse(manager.addUserAgent.value, "add_user_agent")
        let options = manager.httpProtocolOptions
        let place = context.field("http_protocol_options")
        // Absolute-form targets are always taken (RFC 9112 3.2.2), and never a length beside chunks (RFC 9112 6.1).
        try place.refuse(options.hasAllowAbsoluteURL && !options.allowAbsoluteURL.value, "allow_absolute_url")
        try place.refuse(options.allowChunkedLength, "allow_chunked_length")
    }

    private static func doubtful(
        _ manager: Wire, _ result: inout HTTPConnectionManager, _ context: FieldContext
    ) throws(DecodingError) {
        switch manager.pathWithEscapedSlashesAction {
        case .implementationSpecificDefault, .keepUnchanged: break
        case .rejectRequest: result.escapedSlashes = .refused
        case .unescapeAndRedirect: result.escapedSlashes = .redirected
        case .unescapeAndForward: result.escapedSlashes = .unescaped
        case .UNRECOGNIZED: throw context.field("path_with_escaped_slashes_action").error("is unknown")
        }
        switch manager.commonHTTPProtocolOptions.headersWithUnderscoresAction {
        case .allow: break
        case .rejectRequest: result.underscores = .refused
        case .dropHeader: result.underscores = .dropped
        case .UNRECOGNIZED:
            throw context.field("common_http_protocol_options.headers_with_underscores_action").error("is unknown")
        }
    }

    private static func codec(_ manager: Wire, _ context: FieldContext) throws(DecodingError) -> HTTPConnectionManager.Codec {
        switch manager.codecType {
        case .auto: .automatic
        case .http1: .http1
        case .http2: .http2
        case .http3, .UNRECOGNIZED: throw context.field("codec_type").error("is not supported by this proxy")
        }
    }

    private static func routes(_ manager: Wire, _ context: FieldContext) throws(DecodingError) -> HTTPConnectionManager.Routes {
        switch manager.routeSpecifier {
        case .rds(let rds):
            // Who asks for it: `ResourceReferences`.
            _ = try ConfigurationSourceDecoder.decode(rds.configSource, context.field("rds.config_source"))
            return .named(try context.nonEmpty(rds.routeConfigName, "rds.route_config_name"))
        case .routeConfig(let configuration):
            return .inline(try RouteTableDecoder.decode(configuration, context.field("route_config")))
        case nil:
            throw context.error("has no routes")
        }
    }

    private static func clientCertificate(
        _ manager: Wire, _ result: inout HTTPConnectionManager, _ context: FieldContext
    ) throws(DecodingError) {
        switch manager.forwardClientCertDetails {
        case .sanitize: result.forwardedClientCertificate = .sanitize
        case .forwardOnly: result.forwardedClientCertificate = .forwardOnly
        case .appendForward: result.forwardedClientCertificate = .appendForward
        case .sanitizeSet: result.forwardedClientCertificate = .sanitizeSet
        case .alwaysForwardOnly: result.forwardedClientCertificate = .alwaysForwardOnly
        case .UNRECOGNIZED: throw context.field("forward_client_cert_details").error("is unknown")
        }
        let details = manager.setCurrentClientCertDetails
        result.clientCertificateDetails = HTTPConnectionManager.ClientCertificateDetails(
            subject: details.subject.value, certificate: details.cert, chain: details.chain, dns: details.dns,
            uri: details.uri)
    }

    private static func limits(
        _ manager: Wire, _ result: inout HTTPConnectionManager, _ context: FieldContext
    ) throws(DecodingError) {
        if manager.hasStreamIdleTimeout {
            result.streamIdleTimeout = try context.duration(manager.streamIdleTimeout, "stream_idle_timeout")
        }
        if manager.hasRequestTimeout { result.requestTimeout = try context.duration(manager.requestTimeout, "request_timeout") }
        if manager.hasRequestHeadersTimeout {
            result.requestHeadersTimeout = try context.duration(manager.requestHeadersTimeout, "request_headers_timeout")
        }
        if manager.hasDrainTimeout { result.drainTimeout = try context.duration(manager.drainTimeout, "drain_timeout") }
        let common = manager.commonHTTPProtocolOptions
        let place = context.field("common_http_protocol_options")
        if common.hasIdleTimeout { result.connectionIdleTimeout = try place.duration(common.idleTimeout, "idle_timeout") }
        if common.hasMaxConnectionDuration {
            result.maxConnectionDuration = try place.duration(common.maxConnectionDuration, "max_connection_duration")
        }
        result.connectionDurationJitter = try place.share(
            common.maxConnectionDurationJitter, "max_connection_duration_jitter")
        if common.hasMaxStreamDuration {
            result.maxStreamDuration = try place.duration(common.maxStreamDuration, "max_stream_duration")
        }
        if common.hasMaxRequestsPerConnection {
            result.maxRequestsPerConnection = Int(common.maxRequestsPerConnection.value)
        }
        if common.hasMaxHeadersCount {
            guard common.maxHeadersCount.value > 0 else { throw place.field("max_headers_count").error("is zero") }
            result.maxHeaders = Int(common.maxHeadersCount.value)
        }
        if manager.hasMaxRequestHeadersKb {
            guard (1...8192).contains(manager.maxRequestHeadersKb.value) else {
                throw context.field("max_request_headers_kb").error("is not between 1 and 8192")
            }
            result.maxHeaderBytes = Int(manager.maxRequestHeadersKb.value) << 10
        }
        result.http2 = try HTTP2OptionsDecoder.decode(manager.http2ProtocolOptions, context.field("http2_protocol_options"))
    }
}
