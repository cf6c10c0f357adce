// SPDX-License-Identifier: Apache-2.0

/// One rule: which requests, and what is done with them.
package struct Route: Sendable, Hashable {
    package var name: String
    package var match: RouteMatch
    package var action: RouteAction
    package var requestHeaders: HeaderMutations
    package var responseHeaders: HeaderMutations
    /// What filters are told; goes before what virtual host and table say.
    package var filters: RouteFilters
    /// The Istio resource that the route comes from (`istio` metadata).
    package var configuration: String?

    package init(
        name: String = "", match: RouteMatch, action: RouteAction, requestHeaders: HeaderMutations = HeaderMutations(),
        responseHeaders: HeaderMutations = HeaderMutations(), filters: RouteFilters = [:], configuration: String? = nil
    ) {
        self.name = name
        self.match = match
        self.action = action
        self.requestHeaders = requestHeaders
        self.responseHeaders = responseHeaders
        self.filters = filters
        self.configuration = configuration
    }
}

package enum RouteAction: Sendable, Hashable {
    case forward(ForwardAction)
    case redirect(RedirectAction)
    case respond(DirectResponse)
}

/// Conditions on a request; all must hold.
package struct RouteMatch: Sendable, Hashable {
    package enum Path: Sendable, Hashable {
        case prefix(String)
        case exact(String)
        /// The prefix ends at a segment's end.
        case segmentPrefix(String)
        /// Matches the whole path.
        case regex(String)
        case connect
    }

    package var path: Path
    package var ignoresCase: Bool
    package var headers: [HeaderMatch]
    package var queryParameters: [QueryParameterMatch]
    package var requiresGRPC: Bool
    /// Share of the requests for which it holds.
    package var runtimeFraction: Fraction?

    package init(
        path: Path, ignoresCase: Bool = false, headers: [HeaderMatch] = [], queryParameters: [QueryParameterMatch] = [],
        requiresGRPC: Bool = false, runtimeFraction: Fraction? = nil
    ) {
        self.path = path
        self.ignoresCase = ignoresCase
        self.headers = headers
        self.queryParameters = queryParameters
        self.requiresGRPC = requiresGRPC
        self.runtimeFraction = runtimeFraction
    }
}
