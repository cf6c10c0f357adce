// SPDX-License-Identifier: Apache-2.0

/// Finds rules and matches of `spec.http` that no request reaches, because earlier ones take every request that they could.
enum UnreachableMatches {
    /// More are not compared: the comparison is quadratic.
    private static let limit = 500

    static func check(_ routes: [VirtualServiceHTTPRoute], _ findings: inout Findings) {
        var earlier: [(match: HTTPMatchRequest, route: Int, path: FieldPath)] = []
        var catchAll: Int?
        for (index, route) in routes.enumerated() {
            let path = FieldPath("spec.http").index(index)
            if let catchAll {
                findings.warning(path, "is never reached: `spec.http[\(catchAll)]` before it takes every request")
                continue
            }
            if route.match.isEmpty { catchAll = index }
            for (position, match) in route.match.enumerated() where earlier.count < limit {
                let place = path.field("match").index(position)
                if let cover = earlier.first(where: { covers($0.match, match) }) {
                    findings.warning(place, "has no effect: `\(cover.path)` takes every request that it would")
                } else {
                    earlier.append((match, index, place))
                }
            }
        }
    }

    /// Whether every request that `narrow` matches is matched by `wide` too. False where that cannot be told.
    static func covers(_ wide: HTTPMatchRequest, _ narrow: HTTPMatchRequest) -> Bool {
        guard wide.ignoreUriCase == narrow.ignoreUriCase, covers(wide.uri, narrow.uri) else { return false }
        guard covers(wide.scheme, narrow.scheme), covers(wide.method, narrow.method), covers(wide.authority, narrow.authority)
        else {
            return false
        }
        guard wide.port == nil || wide.port == 0 || wide.port == narrow.port else { return false }
        guard (wide.sourceNamespace ?? "").isEmpty || wide.sourceNamespace == narrow.sourceNamespace else { return false }
        guard wide.gateways.isEmpty || Set(narrow.gateways).isSubset(of: wide.gateways) && !narrow.gateways.isEmpty else {
            return false
        }
        return covers(wide.headers, narrow.headers) && covers(wide.queryParams, narrow.queryParams)
            && wide.withoutHeaders.allSatisfy { narrow.withoutHeaders[$0.key] == $0.value }
            && wide.sourceLabels.allSatisfy { narrow.sourceLabels[$0.key] == $0.value }
    }

    private static func covers(_ wide: [String: StringMatch], _ narrow: [String: StringMatch]) -> Bool {
        wide.allSatisfy { key, match in narrow[key].map { covers(match, $0) } ?? false }
    }

    private static func covers(_ wide: StringMatch?, _ narrow: StringMatch?) -> Bool {
        switch (wide, narrow) {
        case (nil, _), (.present, .some): true
        case (.prefix(let prefix), .prefix(let text)), (.prefix(let prefix), .exact(let text)): text.hasPrefix(prefix)
        default: wide == narrow
        }
    }
}
