// SPDX-License-Identifier: Apache-2.0
import Observability
import ProxyCore
import ProxyModel

/// Rules for connections, and what they count.
struct ConnectionGate: Sendable {
    private let gate: AuthorizationGate
    private let stats: AuthorizationStats

    /// nil where nothing is asked.
    init?(_ filter: AuthorizationFilter, stats: StatRegistry) throws {
        guard let gate = try AuthorizationGate(filter) else { return nil }
        self.gate = gate
        let scope = StatScope.connectionRules(filter.statPrefix, in: stats)
        self.stats = AuthorizationStats(
            scope, shadow: filter.shadowStatPrefix.isEmpty ? scope : scope.filter(filter.shadowStatPrefix))
    }

    func decide(_ connection: DownstreamConnection) -> AuthorizationDecision {
        self.gate.decide(connection: connection.peerFacts, isSecure: connection.isTLS, stats: self.stats)
    }
}
