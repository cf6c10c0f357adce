// SPDX-License-Identifier: Apache-2.0

package import HTTP1
package import ProxyModel

/// An RBAC filter's rules, compiled once a snapshot.
package struct RuleEvaluator: Sendable {
    private struct Policy: Sendable {
        var name: String
        var permissions: [CompiledPermission]
        var principals: [CompiledPrincipal]
    }

    private let action: AuthorizationRules.Action
    private let policies: [Policy]

    package init(_ rules: AuthorizationRules) throws(RegexError) {
        action = rules.action
        var policies: [Policy] = []
        for policy in rules.policies {
            policies.append(
                Policy(
                    name: policy.name, permissions: try CompiledPermission.list(policy.permissions),
                    principals: try CompiledPrincipal.list(policy.principals)))
        }
        self.policies = policies
    }

    /// `head` is nil for a connection: conditions on requests then do not hold.
    package func decide(_ head: RequestHead?, peer: PeerFacts, isSecure: Bool) -> AuthorizationDecision {
        let matched = policies.first { policy in
            policy.permissions.contains { $0.holds(head, peer, isSecure) }
                && policy.principals.contains { $0.holds(head, peer, isSecure) }
        }
        return switch (action, matched) {
        case (.allow, let policy?): .allowed(policy: policy.name)
        case (.allow, nil): .denied(policy: nil)
        case (.deny, let policy?): .denied(policy: policy.name)
        case (.deny, nil): .allowed(policy: nil)
        case (.log, let policy): .allowed(policy: policy?.name)
        }
    }
}

/// Whether a request or connection may pass, and which policy said so.
package enum AuthorizationDecision: Sendable, Hashable {
    case allowed(policy: String?)
    case denied(policy: String?)

    /// Envoy's response code detail: `rbac_access_denied_matched_policy[none]`; blanks in the name become `_`.
    package var denialDetail: String? {
        guard case .denied(let policy) = self else { return nil }
        let name = (policy ?? "none").map { $0.isWhitespace ? "_" : $0 }
        return "rbac_access_denied_matched_policy[\(String(name))]"
    }
}
