// SPDX-License-Identifier: Apache-2.0

import HTTP1
package import ProxyModel

/// A route, ready to be asked. A class, so that a request holds it by one reference.
package final class CompiledRoute: Sendable {
    package let route: Route
    package let virtualHost: String
    package let includesAttemptCount: Bool
    package let path: PathMatcher
    package let headers: [HeaderMatcher]
    package let queryParameters: [QueryParameterMatcher]
    /// Compiled `regex` of a path rewrite or redirect.
    package let rewriteProgram: RegexProgram?
    package let requestHeaders: [HeaderEditor]
    package let responseHeaders: [HeaderEditor]
    package let fault: CompiledFault?
    /// nil for redirects and answers of our own.
    package let forward: CompiledForward?

    /// Editors run from the most specific to the least: route, virtual host, table (Envoy's order).
    init(_ route: Route, host: VirtualHost, table: RouteTable) throws(RegexError) {
        self.route = route
        virtualHost = host.name
        includesAttemptCount = host.includesAttemptCount
        path = try PathMatcher(route.match)
        headers = try Self.matchers(route.match.headers)
        var parameters: [QueryParameterMatcher] = []
        for match in route.match.queryParameters { parameters.append(try QueryParameterMatcher(match)) }
        queryParameters = parameters
        var pattern: String?
        switch route.action {
        case .forward(let action):
            if case .regex(let text, _)? = action.pathRewrite { pattern = text }
            forward = try CompiledForward(action)
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
        if let policy = route.fault { fault = try CompiledFault(policy) } else { fault = nil }
    }

    static func matchers(_ matches: [HeaderMatch]) throws(RegexError) -> [HeaderMatcher] {
        var matchers: [HeaderMatcher] = []
        for match in matches { matchers.append(try HeaderMatcher(match)) }
        return matchers
    }

    /// `random` decides for routes that take a share of the requests.
    func matches(_ head: RequestHead, isSecure: Bool, random: UInt64) -> Bool {
        guard path.matches(head) else { return false }
        for matcher in headers where !matcher.matches(head, isSecure: isSecure) { return false }
        for matcher in queryParameters where !matcher.matches(query: head.query) { return false }
        if route.match.requiresGRPC, !(head.headers.first(.contentType)?.hasPrefix("application/grpc") ?? false) { return false }
        if let fraction = route.match.runtimeFraction, !fraction.includes(random) { return false }
        return true
    }
}

/// A fault with its conditions, ready to be asked.
package struct CompiledFault: Sendable {
    package let policy: FaultPolicy
    package let headers: [HeaderMatcher]

    package init(_ policy: FaultPolicy) throws(RegexError) {
        self.policy = policy
        headers = try CompiledRoute.matchers(policy.headers)
    }
}
