// SPDX-License-Identifier: Apache-2.0

package import HTTP1
package import ProxyModel

/// New paths and targets, from a route's rewrite or redirect.
package enum PathRewriter {
    /// The path and query to send upstream; nil: unchanged.
    package static func rewritten(_ head: RequestHead, route: CompiledRoute, action: ForwardAction) -> String? {
        switch action.pathRewrite {
        case nil: nil
        case .prefix(let replacement): replacingPrefix(head, route: route, with: replacement)
        case .regex(_, let substitution): replacingRegex(head, route: route, substitution: substitution)
        }
    }

    private static func suffix(_ text: TextSlice, after length: Int) -> String {
        text.slice(min(length, text.count)..<text.count).string
    }

    static func replacingPrefix(_ head: RequestHead, route: CompiledRoute, with replacement: String) -> String {
        guard let length = route.matchedLength else {
            return replacement + (head.query.map { "?" + $0.string } ?? "")
        }
        return replacement + suffix(head.pathAndQuery, after: length)
    }

    static func replacingRegex(_ head: RequestHead, route: CompiledRoute, substitution: String) -> String? {
        guard let program = route.rewriteProgram else { return nil }
        let path = program.replacingMatches(in: Array(head.path.string.utf8), with: Array(substitution.utf8))
        return String(decoding: path, as: UTF8.self) + (head.query.map { "?" + $0.string } ?? "")
    }

    /// The `location` of a redirect (Envoy's rules: a new host comes without the old
    /// one's port; an explicit default port of the old scheme goes away with the scheme; a path's own query stays).
    package static func location(_ head: RequestHead, route: CompiledRoute, action: RedirectAction, isSecure: Bool) -> String {
        let oldScheme = isSecure ? "https" : "http"
        let scheme =
            switch action.scheme {
            case .https: "https"
            case .named(let name): name
            case nil: oldScheme
            }
        var (host, port) = split(head.authority.string)
        if scheme != oldScheme, (oldScheme == "http" && port == "80") || (oldScheme == "https" && port == "443") { port = "" }
        if let newHost = action.host { (host, port) = (newHost, "") }
        if let newPort = action.port {
            port = (scheme == "http" && newPort == 80) || (scheme == "https" && newPort == 443) ? "" : String(newPort)
        }
        var target: String
        switch action.path {
        case nil: target = head.pathAndQuery.string
        case .full(let path): target = path.contains("?") ? path : path + (head.query.map { "?" + $0.string } ?? "")
        case .prefix(let prefix): target = replacingPrefix(head, route: route, with: prefix)
        case .regex(_, let substitution):
            target = replacingRegex(head, route: route, substitution: substitution) ?? head.pathAndQuery.string
        }
        if case .full(let path) = action.path, path.contains("?") {
            // Not the request's query: it is what the route wants.
        } else if action.stripsQuery, let mark = target.firstIndex(of: "?") {
            target = String(target[..<mark])
        }
        return "\(scheme)://\(host)\(port.isEmpty ? "" : ":" + port)\(target)"
    }

    private static func split(_ authority: String) -> (host: String, port: String) {
        guard let colon = authority.lastIndex(of: ":"), !authority[colon...].contains("]") else { return (authority, "") }
        return (String(authority[..<colon]), String(authority[authority.index(after: colon)...]))
    }
}
