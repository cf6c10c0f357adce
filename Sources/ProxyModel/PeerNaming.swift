// SPDX-License-Identifier: Apache-2.0

/// What a request's host has to do with the TLS connection that carries it to an endpoint.
package struct PeerNaming: Sendable, Hashable {
    /// It is the name that the handshake asks for (SNI), whatever the TLS context says. An address never is.
    package var asksForHost: Bool
    /// The endpoint's certificate has to bear it, beside all that the TLS context wants.
    package var checksHost: Bool
    /// Where a request has this header, its first value stands for the host. Lower case; may be a pseudo-header.
    package var header: String?

    package init(asksForHost: Bool, checksHost: Bool, header: String? = nil) {
        self.asksForHost = asksForHost
        self.checksHost = checksHost
        self.header = header
    }
}
