// SPDX-License-Identifier: Apache-2.0
import ProxyModel

extension MatchExpression {
    init(_ principal: AuthorizationRules.Principal) {
        switch principal {
        case .any: self = .constant(true)
        case .all(let list): self = .all(list.map { Self($0) })
        case .oneOf(let list): self = .oneOf(list.map { Self($0) })
        case .not(let inner): self = .not(Self(inner))
        case .authenticated(let match): self = .condition(.authenticated(match))
        case .directRemote(let range): self = .condition(.address(.direct, range))
        case .remote(let range): self = .condition(.address(.remote, range))
        case .header(let match): self = .condition(.header(match))
        case .path(let match): self = .condition(.path(match))
        case .metadata(let inverts): self = .constant(inverts)
        }
    }
}
