// SPDX-License-Identifier: Apache-2.0

import HTTP1
import ProxyModel

/// A permission, ready to be asked.
indirect enum CompiledPermission: Sendable {
    case any
    case all([CompiledPermission])
    case oneOf([CompiledPermission])
    case not(CompiledPermission)
    case header(HeaderMatcher)
    case path(TextMatcher)
    case destinationAddress(AddressRange)
    case destinationPort(Int)
    case destinationPortRange(Int, Int)
    case serverName(TextMatcher)
    case never(inverts: Bool)

    init(_ permission: AuthorizationRules.Permission) throws(RegexError) {
        switch permission {
        case .any: self = .any
        case .all(let list): self = .all(try Self.list(list))
        case .oneOf(let list): self = .oneOf(try Self.list(list))
        case .not(let inner): self = .not(try CompiledPermission(inner))
        case .header(let match): self = .header(try HeaderMatcher(match))
        case .path(let match): self = .path(try TextMatcher(match))
        case .destinationAddress(let range): self = .destinationAddress(range)
        case .destinationPort(let port): self = .destinationPort(port)
        case .destinationPortRange(let low, let high): self = .destinationPortRange(low, high)
        case .serverName(let match): self = .serverName(try TextMatcher(match))
        case .metadata(let inverts): self = .never(inverts: inverts)
        }
    }

    static func list(_ permissions: [AuthorizationRules.Permission]) throws(RegexError) -> [CompiledPermission] {
        var list: [CompiledPermission] = []
        for permission in permissions { list.append(try CompiledPermission(permission)) }
        return list
    }

    func holds(_ head: RequestHead?, _ peer: PeerFacts, _ isSecure: Bool) -> Bool {
        switch self {
        case .any: true
        case .all(let list): list.allSatisfy { $0.holds(head, peer, isSecure) }
        case .oneOf(let list): list.contains { $0.holds(head, peer, isSecure) }
        case .not(let inner): !inner.holds(head, peer, isSecure)
        case .header(let matcher): head.map { matcher.matches($0, isSecure: isSecure) } ?? false
        case .path(let matcher): head.map { matcher.matches($0.path) } ?? false
        case .destinationAddress(let range): peer.destinationAddress.map(range.contains) ?? false
        case .destinationPort(let port): peer.destinationPort == port
        case .destinationPortRange(let low, let high): peer.destinationPort >= low && peer.destinationPort < high
        case .serverName(let matcher): matcher.matches(peer.serverName)
        case .never(let inverts): inverts
        }
    }
}
