// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import Foundation
import ProxyModel
import SwiftProtobuf

/// One route: what it matches and what it does.
enum RouteDecoder {
    static func decode(
        _ route: Envoy_Config_Route_V3_Route, hostRetry: RetryPolicy?, _ context: FieldContext
    ) throws(DecodingError) -> Route {
        let action: RouteAction
        switch route.action {
        case .route(let forward):
            action = .forward(try ForwardActionDecoder.decode(forward, hostRetry: hostRetry, context.field("route")))
        case .redirect(let redirect): action = .redirect(try Self.redirect(redirect, context.field("redirect")))
        case .directResponse(let response):
            action = .respond(try Self.response(response, context.field("direct_response")))
        case nil: throw context.error("has no action")
        }
        let istio = MetadataReader.fields(route.metadata, MetadataKey.istio)
        return Route(
            name: route.name, match: try Self.match(route.match, context.field("match")), action: action,
            requestHeaders: try HeaderMutationDecoder.decode(
                adding: route.requestHeadersToAdd, removing: route.requestHeadersToRemove, context, side: "request"),
            responseHeaders: try HeaderMutationDecoder.decode(
                adding: route.responseHeadersToAdd, removing: route.responseHeadersToRemove, context, side: "response"),
            filters: try RouteFilterDecoder.decode(route.typedPerFilterConfig, context),
            configuration: MetadataReader.text(istio["config"]))
    }

    private static func match(
        _ match: Envoy_Config_Route_V3_RouteMatch, _ context: FieldContext
    ) throws(DecodingError) -> RouteMatch {
        let path: RouteMatch.Path
        switch match.pathSpecifier {
        case .prefix(let prefix): path = .prefix(prefix)
        case .path(let exact): path = .exact(exact)
        case .pathSeparatedPrefix(let prefix):
            guard prefix.hasPrefix("/"), prefix.count > 1, !prefix.hasSuffix("/"), !prefix.contains("?"), !prefix.contains("#")
            else {
                throw context.field("path_separated_prefix").error("is no path, or ends with a slash")
            }
            path = .segmentPrefix(prefix)
        case .safeRegex(let regex): path = .regex(try MatchDecoder.regex(regex, context.field("safe_regex")))
        case .connectMatcher: path = .connect
        case nil: throw context.error("has no path")
        }
        var result = RouteMatch(
            path: path, ignoresCase: match.hasCaseSensitive && !match.caseSensitive.value,
            headers: try MatchDecoder.headers(match.headers, context, "headers"), requiresGRPC: match.hasGrpc)
        result.queryParameters = try MatchDecoder.queryParameters(match.queryParameters, context, "query_parameters")
        if match.hasRuntimeFraction {
            result.runtimeFraction = try MatchDecoder.fraction(
                match.runtimeFraction.defaultValue, context.field("runtime_fraction.default_value"))
        }
        return result
    }

    private static func redirect(
        _ redirect: Envoy_Config_Route_V3_RedirectAction, _ context: FieldContext
    ) throws(DecodingError) -> RedirectAction {
        var result = RedirectAction(stripsQuery: redirect.stripQuery)
        switch redirect.responseCode {
        case .movedPermanently: result.status = 301
        case .found: result.status = 302
        case .seeOther: result.status = 303
        case .temporaryRedirect: result.status = 307
        case .permanentRedirect: result.status = 308
        case .UNRECOGNIZED: throw context.field("response_code").error("is unknown")
        }
        if !redirect.hostRedirect.isEmpty { result.host = redirect.hostRedirect }
        if redirect.portRedirect != 0 { result.port = try context.port(redirect.portRedirect, "port_redirect") }
        switch redirect.schemeRewriteSpecifier {
        case .httpsRedirect(let isHTTPS): result.scheme = isHTTPS ? .https : nil
        case .schemeRedirect(let scheme): result.scheme = .named(scheme)
        case nil: break
        }
        switch redirect.pathRewriteSpecifier {
        case .pathRedirect(let path): result.path = .full(path)
        case .prefixRewrite(let prefix): result.path = .prefix(prefix)
        case .regexRewrite(let rewrite):
            result.path = .regex(
                pattern: try MatchDecoder.regex(rewrite.pattern, context.field("regex_rewrite.pattern")),
                substitution: rewrite.substitution)
        case nil: break
        }
        return result
    }

    private static func response(
        _ response: Envoy_Config_Route_V3_DirectResponseAction, _ context: FieldContext
    ) throws(DecodingError) -> DirectResponse {
        guard (200..<600).contains(response.status) else {
            throw context.field("status").error("\(response.status) is no final status")
        }
        let body: [UInt8]
        switch response.body.specifier {
        case .inlineString(let text): body = Array(text.utf8)
        case .inlineBytes(let bytes): body = Array(bytes)
        case .filename, .environmentVariable: throw context.field("body").error("is not supported by this proxy")
        case nil: body = []
        }
        return DirectResponse(status: UInt16(response.status), body: body)
    }
}
