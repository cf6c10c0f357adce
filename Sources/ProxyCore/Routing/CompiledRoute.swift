// SPDX-License-Identifier: Apache-2.0

package import ProxyModel

/// A route, ready to be asked. A class, so that a request holds it by one reference.
package final class CompiledRoute: Sendable {
    package let route: Route
    package let virtualHost: String
    package let includesAttemptCount: Bool
    package let tellsAttemptCount: Bool
    /// How many bytes of the path a prefix rewrite replaces; nil for all of it.
    let matchedLength: Int?
    /// Compiled `regex` of a path rewrite or redirect.
    package let rewriteProgram: RegexProgram?
    package let requestHeaders: [HeaderEditor]
    package let responseHeaders: [HeaderEditor]
    /// nil where neither route nor virtual host nor table says anything to filters.
    package let filters: CompiledRouteFilters?
    /// nil for redirects and answers of our own.
    package let forward: CompiledForward?

    /// Editors run from the most specific to the least: route, virtual host, table (Envoy's order).
    init(_ route: Route, _ outer: RouteSurroundings) throws(RegexError) {
        let (host, table) = (outer.host, outer.table)
        self.route = route
        virtualHost = host.name
        includesAttemptCount = host.includesAttemptCount
        tellsAttemptCount = host.tellsAttemptCount
        switch route.match.path {
        case .prefix(let text), .segmentPrefix(let text), .exact(let text): matchedLength = text.utf8.count
        case .regex, .connect: matchedLength = nil
        }
        var pattern: String?
        switch route.action {
        case .forward(let action):
            if case .regex(let text, _)? = action.pathRewrite { pattern = text }
            forward = try CompiledForward(action, outer)
        case .redirect(let action):
            forward = nil
            if case .regex(let text, _)? = action.path { pattern = text }
        case .respond: forward = nil
        }
        if let pattern { rewriteProgram = try RegexProgram(pattern) } else { rewriteProgram = nil }
        requestHeaders = [route.requestHeaders, host.requestHeaders, table.requestHeaders].filter { !$0.isEmpty }.map(
            HeaderEditor.init)
        responseHeaders = [route.responseHeaders, host.responseHeaders, table.responseHeaders].filter { !$0.isEmpty }.map(
            HeaderEditor.init)
        self.filters = outer.filters
    }
}

/// A fault with its conditions, ready to be asked.
package struct CompiledFault: Sendable {
    package let policy: FaultPolicy
    /// All conditions on headers.
    package let condition: MatchProgram

    package init(_ policy: FaultPolicy) throws(RegexError) {
        self.policy = policy
        self.condition = try MatchProgram(headers: policy.headers)
    }
}
