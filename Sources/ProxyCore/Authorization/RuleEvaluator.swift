// SPDX-License-Identifier: Apache-2.0

package import HTTP1
package import ProxyModel

/// An RBAC filter's rules, compiled once a snapshot.
package struct RuleEvaluator: Sendable {
    private let action: AuthorizationRules.Action
    private let names: [String]
    private let program: MatchProgram

    package init(_ rules: AuthorizationRules) throws(RegexError) {
        self.action = rules.action
        self.names = rules.policies.map(\.name)
        self.program = try MatchProgram(
            firstOf: rules.policies.map { policy in
                .all([
                    .oneOf(policy.permissions.map { MatchExpression($0) }), .oneOf(policy.principals.map { MatchExpression($0) }),
                ])
            })
    }

    /// `head` is nil for a connection: conditions on requests then do not hold.
    package func decide(_ head: RequestHead?, peer: PeerFacts, isSecure: Bool) -> AuthorizationDecision {
        if let head { return self.decide(head, peer: peer, isSecure: isSecure) }
        return self.decision(self.program.firstMatch(connection: peer))
    }

    package func decide(_ head: RequestHead, peer: PeerFacts, isSecure: Bool) -> AuthorizationDecision {
        self.decision(self.program.firstMatch(head, peer: peer, isSecure: isSecure))
    }

    private func decision(_ matched: Int?) -> AuthorizationDecision {
        let name = matched.map { self.names[$0] }
        switch self.action {
        case .allow: return name == nil ? .denied(policy: nil) : .allowed(policy: name)
        case .deny: return name == nil ? .allowed(policy: nil) : .denied(policy: name)
        case .log: return .allowed(policy: name)
        }
    }
}

/// Whether a request or connection may pass, and which policy said so.
package enum AuthorizationDecision: Sendable, Hashable {
    case allowed(policy: String?)
    case denied(policy: String?)

    package var isAllowed: Bool { if case .allowed = self { true } else { false } }

    /// Envoy's response code detail: `rbac_access_denied_matched_policy[none]`; blanks in the name become `_`.
    package var denialDetail: String? {
        guard case .denied(let policy) = self else { return nil }
        let name = (policy ?? "none").map { $0.isWhitespace ? "_" : $0 }
        return "rbac_access_denied_matched_policy[\(String(name))]"
    }
}
