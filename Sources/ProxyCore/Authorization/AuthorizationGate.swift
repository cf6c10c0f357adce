// SPDX-License-Identifier: Apache-2.0
package import HTTP1
import Observability
package import ProxyModel

/// The rules of a filter, or of a route in their place: those that are enforced, and those that are only counted.
/// A class, so that a request takes it by one reference.
package final class AuthorizationGate: Sendable {
    package let rules: RuleEvaluator?
    package let shadowRules: RuleEvaluator?

    /// nil where nothing is asked.
    package init?(_ filter: AuthorizationFilter) throws(RegexError) {
        self.rules = if let rules = filter.rules { try RuleEvaluator(rules) } else { nil }
        self.shadowRules = if let rules = filter.shadowRules { try RuleEvaluator(rules) } else { nil }
        if self.rules == nil, self.shadowRules == nil { return nil }
    }

    package func decide(
        _ head: RequestHead, peer: PeerFacts, isSecure: Bool, stats: AuthorizationStats
    ) -> AuthorizationDecision {
        if let shadow = self.shadowRules {
            let decision = shadow.decide(head, peer: peer, isSecure: isSecure)
            (decision.isAllowed ? stats.shadowAllowed : stats.shadowDenied).add()
        }
        guard let rules = self.rules else { return .allowed(policy: nil) }
        let decision = rules.decide(head, peer: peer, isSecure: isSecure)
        (decision.isAllowed ? stats.allowed : stats.denied).add()
        return decision
    }

    /// A connection, of which there is no request to ask about.
    package func decide(connection peer: PeerFacts, isSecure: Bool, stats: AuthorizationStats) -> AuthorizationDecision {
        if let shadow = self.shadowRules {
            let decision = shadow.decide(nil, peer: peer, isSecure: isSecure)
            (decision.isAllowed ? stats.shadowAllowed : stats.shadowDenied).add()
        }
        guard let rules = self.rules else { return .allowed(policy: nil) }
        let decision = rules.decide(nil, peer: peer, isSecure: isSecure)
        (decision.isAllowed ? stats.allowed : stats.denied).add()
        return decision
    }
}
