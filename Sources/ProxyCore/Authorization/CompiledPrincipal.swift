// SPDX-License-Identifier: Apache-2.0

import HTTP1
import ProxyModel

/// A principal, ready to be asked.
indirect enum CompiledPrincipal: Sendable {
    case any
    case all([CompiledPrincipal])
    case oneOf([CompiledPrincipal])
    case not(CompiledPrincipal)
    case authenticated(TextMatcher?)
    case directRemote(AddressRange)
    case remote(AddressRange)
    case header(HeaderMatcher)
    case path(TextMatcher)
    case never(inverts: Bool)

    init(_ principal: AuthorizationRules.Principal) throws(RegexError) {
        switch principal {
        case .any: self = .any
        case .all(let list): self = .all(try Self.list(list))
        case .oneOf(let list): self = .oneOf(try Self.list(list))
        case .not(let inner): self = .not(try CompiledPrincipal(inner))
        case .authenticated(let match?): self = .authenticated(try TextMatcher(match))
        case .authenticated(nil): self = .authenticated(nil)
        case .directRemote(let range): self = .directRemote(range)
        case .remote(let range): self = .remote(range)
        case .header(let match): self = .header(try HeaderMatcher(match))
        case .path(let match): self = .path(try TextMatcher(match))
        case .metadata(let inverts): self = .never(inverts: inverts)
        }
    }

    static func list(_ principals: [AuthorizationRules.Principal]) throws(RegexError) -> [CompiledPrincipal] {
        var list: [CompiledPrincipal] = []
        for principal in principals { list.append(try CompiledPrincipal(principal)) }
        return list
    }

    func holds(_ head: RequestHead?, _ peer: PeerFacts, _ isSecure: Bool) -> Bool {
        switch self {
        case .any: true
        case .all(let list): list.allSatisfy { $0.holds(head, peer, isSecure) }
        case .oneOf(let list): list.contains { $0.holds(head, peer, isSecure) }
        case .not(let inner): !inner.holds(head, peer, isSecure)
        case .authenticated(let matcher): Self.isAuthenticated(peer, matcher)
        case .directRemote(let range): peer.directAddress.map(range.contains) ?? false
        case .remote(let range): (peer.remoteAddress ?? peer.directAddress).map(range.contains) ?? false
        case .header(let matcher): head.map { matcher.matches($0, isSecure: isSecure) } ?? false
        case .path(let matcher): head.map { matcher.matches($0.path) } ?? false
        case .never(let inverts): inverts
        }
    }

    /// URI names if there are any, else DNS names, else the subject (Envoy's order).
    private static func isAuthenticated(_ peer: PeerFacts, _ matcher: TextMatcher?) -> Bool {
        guard peer.hasCertificate else { return false }
        guard let matcher else { return true }
        if !peer.uriNames.isEmpty { return peer.uriNames.contains { matcher.matches($0) } }
        if !peer.dnsNames.isEmpty { return peer.dnsNames.contains { matcher.matches($0) } }
        return matcher.matches(peer.subject)
    }
}
