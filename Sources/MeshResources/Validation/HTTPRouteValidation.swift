// SPDX-License-Identifier: Apache-2.0

/// One rule of `spec.http`: what it does, and that its parts agree.
struct HTTPRouteValidation {
    let isDelegate: Bool
    /// Only gateways see it: JWT claims may be matched there.
    let gatewaySemantics: Bool

    init(isDelegate: Bool, gatewaySemantics: Bool) {
        self.isDelegate = isDelegate
        self.gatewaySemantics = gatewaySemantics
    }

    func check(_ route: VirtualServiceHTTPRoute, _ tree: ManifestValue, at path: FieldPath, _ findings: inout Findings) {
        checkAction(route, at: path, &findings)
        for (position, match) in route.match.enumerated() {
            HTTPMatchValidation.check(match, at: path.field("match").index(position), gatewaySemantics: gatewaySemantics, &findings)
        }
        for (position, entry) in route.route.enumerated() {
            let place = path.field("route").index(position)
            DestinationValidation.check(entry.destination, at: place.field("destination"), &findings)
            HeaderValidation.check(entry.headers, at: place.field("headers"), &findings)
        }
        DestinationValidation.checkWeights(route.route.map(\.weight), at: path.field("route"), &findings)
        HeaderValidation.check(route.headers, at: path.field("headers"), &findings)
        DurationValidation.check(route.timeout, at: path.field("timeout"), &findings)
        if let retries = route.retries { checkRetries(retries, route, at: path, &findings) }
        if let fault = tree["fault"] { FaultValidation.check(fault, at: path.field("fault"), &findings) }
        if route.fault != nil, route.retries != nil || route.timeout != nil {
            findings.warning(
                path.field("fault"), "with a fault on a route its timeout and retries are not applied by Istio's proxies")
        }
        checkMirrors(route, tree, at: path, &findings)
        checkAuthority(route, at: path, &findings)
        if let cors = route.corsPolicy { checkCORS(cors, tree, at: path.field("corsPolicy"), &findings) }
        if let rewrite = route.rewrite { checkRewrite(rewrite, at: path.field("rewrite"), &findings) }
    }

    private func checkAction(_ route: VirtualServiceHTTPRoute, at path: FieldPath, _ findings: inout Findings) {
        if let delegate = route.delegate {
            if isDelegate { findings.error(path.field("delegate"), "a delegate cannot delegate further", code: .conflict) }
            if delegate.name.isEmpty { findings.error(path.field("delegate.name"), "`name` is missing", code: .required) }
            if !route.route.isEmpty || route.redirect != nil || route.directResponse != nil || route.fault != nil
                || route.retries != nil
            {
                findings.error(
                    path.field("delegate"), "a rule that delegates has no route, redirect, directResponse, fault or retries",
                    code: .conflict)
            }
            for (index, match) in route.match.enumerated() {
                if case .regex? = match.uri {
                    findings.error(
                        path.field("match").index(index).field("uri"), "a rule that delegates cannot match by regex",
                        code: .conflict)
                }
            }
            return
        }
        let actions = [!route.route.isEmpty, route.redirect != nil, route.directResponse != nil].count { $0 }
        if actions == 0 {
            findings.error(
                path, "HTTP route, redirect or direct_response is required: `\(path)` has none", code: .required,
                suggestion: "add `route` with a `destination`")
        } else if actions > 1 {
            findings.error(path, "one of `route`, `redirect`, `directResponse`, not several", code: .conflict)
        }
        if let redirect = route.redirect {
            if route.fault != nil { findings.error(path.field("fault"), "a redirect takes no fault", code: .conflict) }
            if route.rewrite != nil { findings.error(path.field("rewrite"), "a redirect takes no rewrite", code: .conflict) }
            let texts = [redirect.uri, redirect.prefixRewrite, redirect.authority, redirect.scheme]
            if texts.allSatisfy({ ($0 ?? "").isEmpty }), redirect.port == nil {
                findings.error(
                    path.field("redirect"), "needs `uri`, `prefixRewrite`, `authority`, `scheme` or `port`", code: .required)
            }
            if !(redirect.uri ?? "").isEmpty, !(redirect.prefixRewrite ?? "").isEmpty {
                findings.error(path.field("redirect"), "either `uri` or `prefixRewrite`, not both", code: .conflict)
            }
            let matchesByPrefix = route.match.allSatisfy { if case .prefix? = $0.uri { true } else { $0.uri == nil } }
            if !(redirect.prefixRewrite ?? "").isEmpty, !matchesByPrefix {
                findings.error(path.field("redirect.prefixRewrite"), "needs matches of `uri` by `prefix`", code: .conflict)
            }
            if ![301, 302, 303, 307, 308].contains(redirect.redirectCode) {
                findings.error(
                    path.field("redirect.redirectCode"), "\(redirect.redirectCode) is not one of 301, 302, 303, 307, 308")
            }
            if case .number(let port)? = redirect.port, !(0...65535).contains(port) {
                findings.error(path.field("redirect.port"), "\(port) is not a port (1 … 65535)")
            }
            if let scheme = redirect.scheme, scheme != "http", scheme != "https" {
                findings.error(path.field("redirect.scheme"), "`\(scheme.prefix(30))` is neither `http` nor `https`")
            }
        }
        if let response = route.directResponse {
            if !(200...599).contains(response.status) {
                findings.error(path.field("directResponse.status"), "\(response.status) is not a status (200 … 599)")
            }
            let size =
                switch response.body {
                case .string(let text): text.utf8.count
                case .bytes(let text): text.utf8.count * 3 / 4
                case nil: 0
                }
            if size > 1 << 20 { findings.error(path.field("directResponse.body"), "\(size) bytes; at most 1048576 are taken") }
            if size > 100 << 10 {
                findings.warning(path.field("directResponse.body"), "\(size) bytes go to every proxy; keep it below 100 KiB")
            }
        }
    }

    private func checkRetries(
        _ retries: HTTPRetry, _ route: VirtualServiceHTTPRoute, at path: FieldPath, _ findings: inout Findings
    ) {
        let place = path.field("retries")
        if let attempts = retries.attempts, attempts < 0 { findings.error(place.field("attempts"), "cannot be negative") }
        let hasDetails = retries.perTryTimeout != nil || !(retries.retryOn ?? "").isEmpty || retries.retryRemoteLocalities != nil
        if (retries.attempts ?? 0) == 0, hasDetails {
            findings.error(
                place,
                "with `attempts` 0 or absent there are no retries: set it, or leave out `perTryTimeout`, `retryOn`, `retryRemoteLocalities`",
                code: .conflict)
        }
        for (field, value) in [("perTryTimeout", retries.perTryTimeout), ("backoff", retries.backoff)] {
            DurationValidation.check(value, at: place.field(field), &findings)
        }
        for token in (retries.retryOn ?? "").split(separator: ",") {
            let token = token.trimmed
            if token.isEmpty || RetryTokens.known.contains(token) { continue }
            if let code = Int(token), (100...599).contains(code) { continue }
            findings.error(
                place.field("retryOn"),
                "`\(token.prefix(60))` is not a retry condition; known: \(RetryTokens.known.sorted().joined(separator: ", ")), or a status code"
            )
        }
        if let timeout = route.timeout, timeout > .zero, let perTry = retries.perTryTimeout, let attempts = retries.attempts,
            attempts > 0,
            perTry * (attempts + 1) + .milliseconds(25) * (attempts * (attempts + 1) / 2) > timeout
        {
            findings.warning(
                path.field("timeout"),
                "\(attempts + 1) tries of `perTryTimeout` with their back-off may not fit into the timeout; the last are cut off")
        }
    }

    private func checkMirrors(
        _ route: VirtualServiceHTTPRoute, _ tree: ManifestValue, at path: FieldPath, _ findings: inout Findings
    ) {
        if tree["mirrorPercent"] != nil {
            findings.warning(
                path.field("mirrorPercent"), "is deprecated", code: .deprecated, suggestion: "write `mirrorPercentage: {value: …}`")
        }
        if tree["mirror"] != nil, tree["mirrors"] != nil {
            findings.error(path.field("mirror"), "either `mirror` or `mirrors`, not both", code: .conflict)
        }
        if let mirror = tree["mirror"] { DestinationValidation.check(Destination(mirror), at: path.field("mirror"), &findings) }
        for (index, mirror) in (tree["mirrors"]?.array ?? []).enumerated() {
            let place = path.field("mirrors").index(index)
            if let destination = mirror["destination"] {
                DestinationValidation.check(Destination(destination), at: place.field("destination"), &findings)
            } else {
                findings.error(place.field("destination"), "`destination` is missing", code: .required)
            }
        }
        for mirror in route.mirrors {
            if let share = mirror.percentage, !(0...100).contains(share) {
                findings.error(path.field("mirrorPercentage"), "\(share) is not a percentage (0 … 100)")
            }
        }
    }

    /// The authority of a request is rewritten in one place only.
    private func checkAuthority(_ route: VirtualServiceHTTPRoute, at path: FieldPath, _ findings: inout Findings) {
        let edits = route.headers?.request
        let names = Array(edits?.set.keys ?? [:].keys) + Array(edits?.add.keys ?? [:].keys)
        let count = names.count { HeaderValidation.isAuthority($0) } + ((route.rewrite?.authority ?? "").isEmpty ? 0 : 1)
        if count > 1 { findings.error(path, "the authority is set more than once", code: .conflict) }
    }

    private func checkCORS(_ cors: CORSPolicy, _ tree: ManifestValue, at path: FieldPath, _ findings: inout Findings) {
        let methods: Set = ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "*"]
        for (index, method) in cors.allowMethods.enumerated() where !methods.contains(method) {
            findings.error(path.field("allowMethods").index(index), "`\(method.prefix(40))` is not a method")
        }
        for (field, names) in [("allowHeaders", cors.allowHeaders), ("exposeHeaders", cors.exposeHeaders)] {
            for (index, name) in names.enumerated() where name != "*" && !NameSyntax.isHeaderName(name) {
                findings.error(path.field(field).index(index), "`\(name.prefix(60))` is not a header name")
            }
        }
        for (index, origin) in cors.allowOrigins.enumerated() {
            HTTPMatchValidation.check(origin, at: path.field("allowOrigins").index(index), &findings)
        }
        DurationValidation.check(cors.maxAge, at: path.field("maxAge"), &findings)
        if let age = cors.maxAge, age.components.attoseconds != 0 {
            findings.error(path.field("maxAge"), "is a whole number of seconds")
        }
        if tree["corsPolicy"]?["allowOrigin"] != nil {
            findings.warning(
                path.field("allowOrigin"), "is deprecated", code: .deprecated, suggestion: "write `allowOrigins: [{exact: …}]`")
        }
    }

    private func checkRewrite(_ rewrite: HTTPRewrite, at path: FieldPath, _ findings: inout Findings) {
        if rewrite.uri == nil, rewrite.authority == nil, rewrite.uriRegexRewrite == nil {
            findings.error(path, "needs `uri`, `authority` or `uriRegexRewrite`", code: .required)
        }
        if let regex = rewrite.uriRegexRewrite {
            if rewrite.uri != nil { findings.error(path, "either `uri` or `uriRegexRewrite`, not both", code: .conflict) }
            if regex.match.isEmpty { findings.error(path.field("uriRegexRewrite.match"), "`match` is missing", code: .required) }
            if regex.rewrite.isEmpty {
                findings.error(path.field("uriRegexRewrite.rewrite"), "`rewrite` is missing", code: .required)
            }
            if let problem = RegexSyntax.problem(regex.match) {
                findings.error(path.field("uriRegexRewrite.match"), "the regex \(problem)")
            }
        }
    }
}

/// Envoy's names of the conditions under which a request is tried again.
package enum RetryTokens {
    package static let known: Set<String> = [
        "5xx", "gateway-error", "reset", "reset-before-request", "connect-failure", "envoy-ratelimited", "retriable-4xx",
        "refused-stream",
        "retriable-status-codes", "retriable-headers", "http3-post-connect-failure", "cancelled", "deadline-exceeded", "internal",
        "resource-exhausted", "unavailable",
    ]
}

extension Substring {
    fileprivate var trimmed: String {
        let front = drop { $0 == " " || $0 == "\t" }
        return String(String(front.reversed().drop { $0 == " " || $0 == "\t" }).reversed())
    }
}
