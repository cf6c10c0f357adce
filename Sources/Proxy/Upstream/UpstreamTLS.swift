// SPDX-License-Identifier: Apache-2.0

/// How an endpoint is spoken to with TLS.
struct UpstreamTLS: Sendable, Hashable {
    var serverName: String?
    var applicationProtocols: [String]
    /// SPIFFE IDs of which the endpoint must prove one; empty: any that the roots vouch for.
    var subjectNames: [String]
}
