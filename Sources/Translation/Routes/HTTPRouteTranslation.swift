// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import Foundation
import MeshModel
import MeshResources
import SwiftProtobuf

/// One `http[]` entry of a VirtualService: a route for each of its matches.
struct HTTPRouteTranslation {
    var node: ProxyNode
    var snapshot: MeshSnapshot
    var rule: Configured<VirtualService>
    /// Port that the request was sent to.
    var port: Int

    /// None for a delegate that is not there.
    func routes(_ source: VirtualServiceHTTPRoute) -> [Wire.Route] {
        guard source.delegate == nil else { return [] }
        guard !source.match.isEmpty else { return [route(source, match: RouteMatchTranslation.everything, name: source.name)] }
        return source.match.compactMap { request in
            RouteMatchTranslation.match(request, node: node, port: port).map { match in
                route(source, match: match, name: Self.name(source.name, request.name))
            }
        }
    }

    private static func name(_ route: String?, _ match: String?) -> String? {
        guard let match, !match.isEmpty else { return route }
        guard let route, !route.isEmpty else { return match }
        return "\(route).\(match)"
    }

    private func route(_ source: VirtualServiceHTTPRoute, match: Wire.RouteMatch, name: String?) -> Wire.Route {
        var route = Wire.Route()
        route.name = name ?? ""
        route.match = match
        let path = "/apis/networking.istio.io/v1/namespaces/\(rule.namespace)/virtual-service/\(rule.name)"
        route.metadata = WireValues.metadata([MetadataKey.istio: ["config": .init(stringValue: path)]])
        var edits = HeaderEdits(source.headers)
        if let redirect = source.redirect {
            route.redirect = RedirectTranslation.action(redirect)
        } else if let response = source.directResponse {
            route.directResponse = RedirectTranslation.directResponse(response)
        } else {
            route.decorator.operation = decorate(source)
            route.route = action(source, &edits)
        }
        route.requestHeadersToAdd = edits.requestToAdd
        route.requestHeadersToRemove = edits.requestToRemove
        route.responseHeadersToAdd = edits.responseToAdd
        route.responseHeadersToRemove = edits.responseToRemove
        if let fault = source.fault {
            route.typedPerFilterConfig[ExtensionName.httpFault] = WireBytes.packed(FaultTranslation.filter(fault))
        }
        if let policy = source.corsPolicy {
            route.typedPerFilterConfig[ExtensionName.cors] = WireBytes.packed(CORSTranslation.policy(policy))
        }
        return route
    }

    private var destinations: DestinationTranslation {
        DestinationTranslation(node: node, snapshot: snapshot, ruleNamespace: rule.namespace, requestPort: port)
    }

    private func decorate(_ source: VirtualServiceHTTPRoute) -> String {
        let host = source.route.first.map { destinations.hostname($0.destination) } ?? ""
        return "\(host):\(port)/*"
    }

    // MARK: Action

    private func action(_ source: VirtualServiceHTTPRoute, _ edits: inout HeaderEdits) -> Wire.RouteAction {
        var action = RouteActionTranslation.base()
        let weighted = source.route.count == 1 ? source.route : source.route.filter { $0.weight > 0 }
        let clusters = weighted.map { destinations.cluster($0.destination) }
        if weighted.count == 1, let only = weighted.first, let cluster = clusters.first {
            action.cluster = cluster.description
            edits.merge(HeaderEdits(only.headers))
        } else {
            action.weightedClusters.clusters = zip(weighted, clusters).map { Self.weighted($0, cluster: $1) }
        }
        action.hashPolicy = clusters.first.map { HashPolicyTranslation.policies(for: $0, node: node, snapshot: snapshot) } ?? []
        if let timeout = source.timeout {
            action.timeout = WireValues.duration(timeout)
            // Where Envoy sees a stream duration on the route, even an empty one, it does not look at the route's timeout.
            if timeout > .zero { action.clearMaxStreamDuration() }
        }
        if let retry = RetryTranslation.policy(source.retries, snapshot.configuration, hashes: !action.hashPolicy.isEmpty) {
            action.retryPolicy = retry
        }
        rewrite(source.rewrite, authority: edits.authority, &action)
        action.requestMirrorPolicies = source.mirrors.map(mirror)
        return action
    }

    private static func weighted(
        _ destination: HTTPRouteDestination, cluster: ClusterName
    ) -> Wire.WeightedCluster.ClusterWeight {
        let edits = HeaderEdits(destination.headers)
        return .with {
            $0.name = cluster.description
            $0.weight = WireValues.wrapped(destination.weight)
            $0.requestHeadersToAdd = edits.requestToAdd
            $0.requestHeadersToRemove = edits.requestToRemove
            $0.responseHeadersToAdd = edits.responseToAdd
            $0.responseHeadersToRemove = edits.responseToRemove
            if let authority = edits.authority { $0.hostRewriteLiteral = authority }
        }
    }

    private func rewrite(_ rewrite: HTTPRewrite?, authority: String?, _ action: inout Wire.RouteAction) {
        if let expression = rewrite?.uriRegexRewrite, ExpressionSyntax.isAccepted(expression.match) {
            action.regexRewrite.pattern.regex = expression.match
            action.regexRewrite.substitution = expression.rewrite
        } else if let uri = rewrite?.uri, !uri.isEmpty {
            action.prefixRewrite = uri
        }
        if let authority = authority ?? rewrite?.authority, !authority.isEmpty { action.hostRewriteLiteral = authority }
    }

    private func mirror(_ mirror: HTTPMirrorPolicy) -> Wire.RouteAction.RequestMirrorPolicy {
        .with {
            $0.cluster = destinations.cluster(mirror.destination).description
            $0.runtimeFraction.defaultValue = WireValues.fraction(percent: mirror.percentage ?? 100)
        }
    }
}
