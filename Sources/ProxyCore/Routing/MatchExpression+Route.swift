// SPDX-License-Identifier: Apache-2.0
import ProxyModel

extension MatchExpression {
    /// The conditions of a route, which must all hold.
    init(_ match: RouteMatch) {
        var conditions: [MatchCondition] = [.routePath(match.path, ignoringCase: match.ignoresCase)]
        conditions += match.headers.map { .header($0) }
        conditions += match.queryParameters.map { .queryParameter($0) }
        if match.requiresGRPC {
            let isGRPC = TextMatch.regex("application/grpc([+;].*)?")
            conditions.append(.header(HeaderMatch(name: "content-type", condition: .text(isGRPC))))
        }
        if let share = match.runtimeFraction { conditions.append(.share(share)) }
        self = .all(conditions.map { .condition($0) })
    }
}
