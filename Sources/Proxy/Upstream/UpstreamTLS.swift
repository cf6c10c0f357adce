// SPDX-License-Identifier: Apache-2.0
import ProxyCore
import ProxyModel

/// How an endpoint is spoken to with TLS.
struct UpstreamTLS: Sendable, Hashable {
    var serverName: String?
    var applicationProtocols: [String]
    /// The endpoint must prove one of these names; empty: any that the roots vouch for.
    var subjectNames: [SubjectAltNameMatch]

    init(_ context: ClientTLSContext) {
        self.serverName = context.serverName
        self.applicationProtocols = context.common.applicationProtocols
        self.subjectNames = context.common.subjectAltNames
    }

    /// Whether the URI name that a peer proved is one of those expected.
    static func accepts(_ name: String?, _ expected: [SubjectAltNameMatch]) -> Bool {
        guard !expected.isEmpty else { return true }
        guard let name else { return false }
        return expected.contains { match in
            guard match.kind == .uri || match.kind == .any else { return false }
            return (try? TextMatcher(match.match))?.matches(name) ?? false
        }
    }
}
