// SPDX-License-Identifier: Apache-2.0

/// An RBAC filter, for requests or for connections.
package struct AuthorizationFilter: Sendable, Hashable {
    /// Nil: nothing is refused.
    package var rules: AuthorizationRules?
    /// Evaluated and counted, never enforced (dry run).
    package var shadowRules: AuthorizationRules?
    package var statPrefix: String
    package var shadowStatPrefix: String

    package init(
        rules: AuthorizationRules?, shadowRules: AuthorizationRules? = nil, statPrefix: String = "", shadowStatPrefix: String = ""
    ) {
        self.rules = rules
        self.shadowRules = shadowRules
        self.statPrefix = statPrefix
        self.shadowStatPrefix = shadowStatPrefix
    }
}

/// ALLOW: passes when a policy matches. DENY: passes when none does. LOG: always passes.
package struct AuthorizationRules: Sendable, Hashable {
    package enum Action: String, Sendable, Hashable {
        case allow = "ALLOW"
        case deny = "DENY"
        case log = "LOG"
    }

    package struct Policy: Sendable, Hashable {
        package var name: String
        /// One of them must match.
        package var permissions: [Permission]
        /// One of them must match.
        package var principals: [Principal]

        package init(name: String, permissions: [Permission], principals: [Principal]) {
            self.name = name
            self.permissions = permissions
            self.principals = principals
        }
    }

    package var action: Action
    /// Ordered by name; the first match names the answer.
    package var policies: [Policy]

    package init(action: Action, policies: [Policy]) {
        self.action = action
        self.policies = policies
    }

    /// What is asked for.
    package indirect enum Permission: Sendable, Hashable {
        case any
        case all([Permission])
        case oneOf([Permission])
        case not(Permission)
        case header(HeaderMatch)
        case path(TextMatch)
        case destinationAddress(AddressRange)
        case destinationPort(Int)
        /// Low ≤ port < high.
        case destinationPortRange(Int, Int)
        case serverName(TextMatch)
        /// Holds when metadata has it; this proxy sets none, so it never does.
        case metadata(inverts: Bool)
    }

    /// Who asks.
    package indirect enum Principal: Sendable, Hashable {
        case any
        case all([Principal])
        case oneOf([Principal])
        case not(Principal)
        /// The peer's certificate has a URI or DNS name (or, without both, a subject) that matches; nil: it has a certificate.
        case authenticated(TextMatch?)
        /// The address of the connection.
        case directRemote(AddressRange)
        /// The address of the client, which a trusted proxy may have said.
        case remote(AddressRange)
        case header(HeaderMatch)
        case path(TextMatch)
        case metadata(inverts: Bool)
    }
}
