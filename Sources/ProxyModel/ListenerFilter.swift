// SPDX-License-Identifier: Apache-2.0

/// What looks at a new connection before its filter chain is chosen, in the order of the listener.
package enum ListenerFilter: Sendable, Hashable {
    /// Is it TLS, for which server, with which protocols?
    case tlsInspector
    /// Is it HTTP, and which? Not asked where it is TLS.
    case httpInspector
    /// Where did it go before the system redirected it to us?
    case originalDestination
    /// Which connection does a proxy in front of us speak for?
    case proxyProtocol(ProxyProtocolPolicy)
}
