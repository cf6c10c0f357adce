// SPDX-License-Identifier: Apache-2.0
package import Observability

/// What an RBAC filter counts.
package final class AuthorizationStats: Sendable {
    package let allowed: StatCell
    package let denied: StatCell
    package let shadowAllowed: StatCell
    package let shadowDenied: StatCell

    /// - Parameter shadow: Where the shadow rules have names of their own.
    package init(_ rules: StatScope, shadow: StatScope) {
        self.allowed = rules.cell("allowed")
        self.denied = rules.cell("denied")
        self.shadowAllowed = shadow.cell("shadow_allowed")
        self.shadowDenied = shadow.cell("shadow_denied")
    }
}

/// What a fault filter counts.
package struct FaultStats: Sendable {
    package let aborts: StatCell
    package let delays: StatCell
    package let active: StatCell
    /// Of settings that are refused here.
    private let others: [StatCell]

    package init(_ scope: StatScope) {
        self.aborts = scope.cell("aborts_injected")
        self.delays = scope.cell("delays_injected")
        self.active = scope.cell("active_faults", .gauge)
        self.others = ["faults_overflow", "response_rl_injected"].map { scope.cell($0) }
    }
}

/// What a CORS filter counts.
package struct CrossOriginStats: Sendable {
    package let valid: StatCell
    package let invalid: StatCell

    package init(_ scope: StatScope) {
        self.valid = scope.cell("origin_valid")
        self.invalid = scope.cell("origin_invalid")
    }
}

/// What a local rate limit counts; the same for all limits of one name.
struct LocalRateLimitStats: Sendable {
    let enabled: StatCell
    let allowed: StatCell
    let limited: StatCell
    let enforced: StatCell
    /// Of a setting that is refused here.
    private let shadow: StatCell

    init(_ scope: StatScope) {
        self.enabled = scope.cell("enabled")
        self.allowed = scope.cell("ok")
        self.limited = scope.cell("rate_limited")
        self.enforced = scope.cell("enforced")
        self.shadow = scope.cell("shadow_mode")
    }
}

/// What a TCP proxy counts. Bytes are counted as a connection ends.
package struct TCPStats: Sendable {
    package let connections: StatCell
    package let noRoute: StatCell
    package let received: StatCell
    package let sent: StatCell
    package let idleTimeouts: StatCell
    package let durationsReached: StatCell

    package init(_ scope: StatScope) {
        self.connections = scope.cell("downstream_cx_total")
        self.noRoute = scope.cell("downstream_cx_no_route")
        self.received = scope.cell("downstream_cx_rx_bytes_total")
        self.sent = scope.cell("downstream_cx_tx_bytes_total")
        self.idleTimeouts = scope.cell("idle_timeout")
        self.durationsReached = scope.cell("max_downstream_connection_duration")
    }
}
