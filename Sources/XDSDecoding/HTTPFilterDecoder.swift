// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import ProxyModel
import SwiftProtobuf

/// The HTTP filters of a connection manager, in order. An unknown filter is refused even if optional: leaving it out silently is
/// not what its author asked for.
enum HTTPFilterDecoder {
    private typealias Wire = Envoy_Extensions_Filters_Network_HttpConnectionManager_V3_HttpFilter

    static func decode(
        _ filters: [Envoy_Extensions_Filters_Network_HttpConnectionManager_V3_HttpFilter], _ context: FieldContext
    ) throws(DecodingError) -> [HTTPFilter] {
        var result: [HTTPFilter] = []
        for (index, filter) in filters.enumerated() {
            let place = context.element("http_filters", index)
            let kind = try Self.kind(filter, place)
            guard kind != .router || !filter.disabled else { throw place.field("disabled").error("the router has to be there") }
            result.append(HTTPFilter(name: filter.name, kind: kind, isDisabled: filter.disabled))
        }
        guard result.last?.kind == .router, result.dropLast().allSatisfy({ $0.kind != .router }) else {
            throw context.field("http_filters").error("the router has to be last, and there once")
        }
        return result
    }

    /// What the router is told about headers of its own.
    static func suppressesEnvoyHeaders(
        _ filters: [Envoy_Extensions_Filters_Network_HttpConnectionManager_V3_HttpFilter], _ context: FieldContext
    ) throws(DecodingError) -> Bool {
        guard let last = filters.last, case .typedConfig(let any)? = last.configType, any.typeURL == TypeURL.router else {
            return false
        }
        let (router, _) = try context.element("http_filters", filters.count - 1).field("typed_config").unpack(
            any, as: Envoy_Extensions_Filters_Http_Router_V3_Router.self)
        return router.suppressEnvoyHeaders
    }

    private static func kind(_ filter: Wire, _ context: FieldContext) throws(DecodingError) -> HTTPFilter.Kind {
        guard case .typedConfig(let any)? = filter.configType else {
            throw context.error("filter \(filter.name) has no configuration")
        }
        let place = context.field("typed_config")
        switch any.typeURL {
        case TypeURL.router:
            let (router, inner) = try place.unpack(any, as: Envoy_Extensions_Filters_Http_Router_V3_Router.self)
            try inner.refuse(router.startChildSpan, "start_child_span")
            return .router
        case TypeURL.httpFault:
            let (fault, inner) = try place.unpack(any, as: Envoy_Extensions_Filters_Http_Fault_V3_HTTPFault.self)
            return .fault(try FaultDecoder.decode(fault, inner))
        case TypeURL.httpRBAC:
            let (rbac, inner) = try place.unpack(any, as: Envoy_Extensions_Filters_Http_Rbac_V3_RBAC.self)
            return .authorization(try AuthorizationDecoder.filter(rbac, inner))
        case TypeURL.cors:
            _ = try place.unpack(any, as: Envoy_Extensions_Filters_Http_Cors_V3_Cors.self)
            return .crossOrigin
        case TypeURL.localRateLimit:
            let (limit, inner) = try place.unpack(any, as: Envoy_Extensions_Filters_Http_LocalRatelimit_V3_LocalRateLimit.self)
            return .localRateLimit(try LocalRateLimitDecoder.decode(limit, inner))
        case TypeURL.headerMutation:
            let (edits, inner) = try place.unpack(any, as: Envoy_Extensions_Filters_Http_HeaderMutation_V3_HeaderMutation.self)
            return .headerMutation(
                HeaderMutationFilter(
                    steps: try HeaderStepsDecoder.decode(edits.mutations, inner.field("mutations")),
                    mostSpecificLast: edits.mostSpecificHeaderMutationsWins))
        default:
            throw place.error("\(any.typeURL) is not supported by this proxy")
        }
    }
}
