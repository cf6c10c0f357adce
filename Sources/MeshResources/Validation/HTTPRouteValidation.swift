// SPDX-License-Identifier: Apache-2.0

/// One rule of `spec.http`: what it does, and that its parts agree.
struct HTTPRouteValidation {
    let isDelegate: Bool
    /// Only gateways see it: JWT claims may be matched there.
    let gatewaySemantics: Bool
    private var catchAll: Int?
    private var index = 0

    init(isDelegate: Bool, gatewaySemantics: Bool) {
        self.isDelegate = isDelegate
        self.gatewaySemantics = gatewaySemantics
    }

    mutating func check(
        _ route: VirtualServiceHTTPRoute, _ tree: ManifestValue, at path: FieldPath, isLast: Bool, _ findings: inout Findings
    ) {
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
        if let timeout = route.timeout, timeout < .zero || (timeout > .zero && timeout < .milliseconds(1)) {
            findings.error(path.field("timeout"), "a timeout is at least 1 ms")
        }
        if let retries = route.retries { checkRetries(retries, route, at: path, &findings) }
        if let fault = tree["fault"] { FaultValidation.check(fault, at: path.field("fault"), &findings) }
        if route.fault != nil, route.retries != nil || route.timeout != nil {
            findings.warning(
                path.field("fault"), "with a fault on a route its timeout and retries are not applied by Istio's proxies")
        }
        checkMirrors(route, tree, at: path, &findings)
        if let cors = route.corsPolicy { checkCORS(cors, tree, at: path.field("corsPolicy"), &findings) }
        if let rewrite = route.rewrite { checkRewrite(rewrite, at: path.field("rewrite"), &findings) }
        warnIfUnreachable(route, at: path, &findings)
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
            if redirect.uri == nil, redirect.authority == nil, redirect.scheme == nil, redirect.port == nil {
                findings.error(path.field("redirect"), "needs `uri`, `authority`, `scheme` or `port`", code: .required)
            }
            if ![301, 302, 303, 307, 308].contains(redirect.redirectCode) {
                findings.error(
                    path.field("redirect.redirectCode"), "\(redirect.redirectCode) is not one of 301, 302, 303, 307, 308")
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
        if retries.attempts == 0, retries.perTryTimeout != nil || !(retries.retryOn ?? "").isEmpty {
            findings.error(
                place, "with `attempts: 0` there are no retries: leave out `perTryTimeout` and `retryOn`", code: .conflict)
        }
        for (field, value) in [("perTryTimeout", retries.perTryTimeout), ("backoff", retries.backoff)] {
            if let value, value < .zero || (value > .zero && value < .milliseconds(1)) {
                findings.error(place.field(field), "is at least 1 ms")
            }
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
        if let age = cors.maxAge, age < .zero || age.components.attoseconds != 0 {
            findings.error(path.field("maxAge"), "is a whole number of seconds")
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

    private mutating func warnIfUnreachable(_ route: VirtualServiceHTTPRoute, at path: FieldPath, _ findings: inout Findings) {
        if let catchAll {
            findings.warning(path, "is never reached: `spec.http[\(catchAll)]` before it takes every request")
        } else if route.match.isEmpty {
            catchAll = index
        }
        index += 1
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
