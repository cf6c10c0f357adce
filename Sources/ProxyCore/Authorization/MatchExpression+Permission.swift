// SPDX-License-Identifier: Apache-2.0
import ProxyModel

extension MatchExpression {
    init(_ permission: AuthorizationRules.Permission) {
        switch permission {
        case .any: self = .constant(true)
        case .all(let list): self = .all(list.map { Self($0) })
        case .oneOf(let list): self = .oneOf(list.map { Self($0) })
        case .not(let inner): self = .not(Self(inner))
        case .header(let match): self = .condition(.header(match))
        case .path(let match): self = .condition(.path(match))
        case .destinationAddress(let range): self = .condition(.address(.destination, range))
        case .destinationPort(let port): self = .condition(.destinationPort(port, port + 1))
        case .destinationPortRange(let low, let high): self = .condition(.destinationPort(low, high))
        case .serverName(let match): self = .condition(.serverName(match))
        case .metadata(let inverts): self = .constant(inverts)
        }
    }
}
