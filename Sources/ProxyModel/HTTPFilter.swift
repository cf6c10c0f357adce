// SPDX-License-Identifier: Apache-2.0

/// A filter of a connection manager, under the name by which routes speak to it.
package struct HTTPFilter: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        case authorization(AuthorizationFilter)
        /// Injects what the route says; the filter's own fault applies where the route has none.
        case fault(FaultPolicy?)
        /// Does what routes say.
        case crossOrigin
        case localRateLimit(LocalRateLimit)
        case headerMutation(HeaderMutationFilter)
        case router
    }

    package var name: String
    package var kind: Kind
    /// Only for requests whose route says something to it.
    package var isDisabled: Bool

    package init(name: String, kind: Kind, isDisabled: Bool = false) {
        self.name = name
        self.kind = kind
        self.isDisabled = isDisabled
    }

    // The same under the names by which they are known.

    package static func authorization(_ filter: AuthorizationFilter) -> HTTPFilter {
        HTTPFilter(name: "envoy.filters.http.rbac", kind: .authorization(filter))
    }

    package static func fault(_ policy: FaultPolicy?) -> HTTPFilter {
        HTTPFilter(name: "envoy.filters.http.fault", kind: .fault(policy))
    }

    package static let crossOrigin = HTTPFilter(name: "envoy.filters.http.cors", kind: .crossOrigin)

    package static func localRateLimit(_ limit: LocalRateLimit) -> HTTPFilter {
        HTTPFilter(name: "envoy.filters.http.local_ratelimit", kind: .localRateLimit(limit))
    }

    package static func headerMutation(_ filter: HeaderMutationFilter) -> HTTPFilter {
        HTTPFilter(name: "envoy.filters.http.header_mutation", kind: .headerMutation(filter))
    }

    package static let router = HTTPFilter(name: "envoy.filters.http.router", kind: .router)
}

/// What a route, a virtual host or a route table says to a filter.
package enum RouteFilter: Sendable, Hashable {
    /// The filter is passed over.
    case off
    /// Takes the place of the filter's own rules; nil: nothing is refused.
    case authorization(AuthorizationFilter?)
    /// Takes the place of the filter's own fault; nil: none is injected.
    case fault(FaultPolicy?)
    case crossOrigin(CrossOriginPolicy)
    /// Takes the place of the filter's own limit.
    case localRateLimit(LocalRateLimit)
    /// Comes after the filter's own steps.
    case headerMutation(HeaderSteps)
}

/// By the filter's name.
package typealias RouteFilters = [String: RouteFilter]
