// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import MeshModel
import MeshResources
import SwiftProtobuf

/// Which requests a route takes.
enum RouteMatchTranslation {
    static let everything: Wire.RouteMatch = .with { $0.prefix = "/" }

    /// Nil when no request of this proxy on this port can match, or when Envoy would refuse the expression.
    static func match(_ request: HTTPMatchRequest, node: ProxyNode, port: Int) -> Wire.RouteMatch? {
        guard isReachable(request, node: node, port: port), hasAcceptedExpressions(request) else { return nil }
        return .with {
            path(request, &$0)
            var headers: [Wire.HeaderMatcher] = []
            for (name, match) in [(":method", request.method), (":authority", request.authority), (":scheme", request.scheme)] {
                if let match { headers.append(header(name, match)) }
            }
            headers += request.headers.sorted { $0.key < $1.key }.map { header($0.key, $0.value) }
            headers += request.withoutHeaders.sorted { $0.key < $1.key }.map { without($0.key, $0.value) }
            $0.headers = headers
            $0.queryParameters = request.queryParams.sorted { $0.key < $1.key }.map { query($0.key, $0.value) }
        }
    }

    static func takesEverything(_ route: Wire.Route) -> Bool { route.match == everything }

    // MARK: What is known before any request

    private static func isReachable(_ request: HTTPMatchRequest, node: ProxyNode, port: Int) -> Bool {
        if let wanted = request.port, wanted != port { return false }
        if let namespace = request.sourceNamespace, namespace != node.namespace { return false }
        if !request.gateways.isEmpty, !request.gateways.contains("mesh") { return false }
        return LabelMatch.matches(request.sourceLabels, node.labels)
    }

    private static func hasAcceptedExpressions(_ request: HTTPMatchRequest) -> Bool {
        let single = [request.uri, request.method, request.authority, request.scheme].compactMap { $0 }
        let all = single + request.headers.values + request.withoutHeaders.values + request.queryParams.values
        return all.allSatisfy {
            if case .regex(let expression) = $0 { ExpressionSyntax.isAccepted(expression) } else { true }
        }
    }

    // MARK: Parts

    private static func path(_ request: HTTPMatchRequest, _ match: inout Wire.RouteMatch) {
        switch request.uri {
        case .exact(let text): match.path = text
        case .prefix(let text): match.prefix = text
        case .regex(let text): match.safeRegex.regex = text
        case .present, nil: match.prefix = "/"
        }
        if request.ignoreUriCase { match.caseSensitive = WireValues.wrapped(false) }
    }

    private static func string(_ match: StringMatch) -> Wire.StringMatcher? {
        switch match {
        case .exact(let text): .with { $0.exact = text }
        case .prefix(let text): .with { $0.prefix = text }
        case .regex(let text): .with { $0.safeRegex.regex = text }
        case .present: nil
        }
    }

    private static func header(_ name: String, _ match: StringMatch) -> Wire.HeaderMatcher {
        .with {
            $0.name = name
            if let matcher = string(match) { $0.stringMatch = matcher } else { $0.presentMatch = true }
        }
    }

    /// A header that is not there does not have the value either.
    private static func without(_ name: String, _ match: StringMatch) -> Wire.HeaderMatcher {
        var matcher = header(name, match)
        matcher.invertMatch = true
        matcher.treatMissingHeaderAsEmpty = match != .present
        return matcher
    }

    private static func query(_ name: String, _ match: StringMatch) -> Wire.QueryParameterMatcher {
        .with {
            $0.name = name
            if let matcher = string(match) { $0.stringMatch = matcher } else { $0.presentMatch = true }
        }
    }
}
