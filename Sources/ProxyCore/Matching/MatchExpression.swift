// SPDX-License-Identifier: Apache-2.0
import ProxyModel

/// A condition on a request or its connection, as it is configured. A `MatchProgram` is made of it; nothing walks it for a request.
indirect enum MatchExpression {
    case constant(Bool)
    case all([MatchExpression])
    case oneOf([MatchExpression])
    case not(MatchExpression)
    case condition(MatchCondition)

    /// All conditions on headers must hold.
    init(_ headers: [HeaderMatch]) { self = .all(headers.map { .condition(.header($0)) }) }
}

/// One question about a request or its connection.
enum MatchCondition {
    case header(HeaderMatch)
    /// Without the query.
    case path(TextMatch)
    case routePath(RouteMatch.Path, ignoringCase: Bool)
    case queryParameter(QueryParameterMatch)
    case serverName(TextMatch)
    /// The peer's certificate has such a name; nil: it has a certificate.
    case authenticated(TextMatch?)
    case address(MatchProgram.Address, AddressRange)
    /// Low ≤ port < high.
    case destinationPort(Int, Int)
    case share(Fraction)
}
