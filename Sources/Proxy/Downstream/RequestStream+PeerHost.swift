// SPDX-License-Identifier: Apache-2.0
import HTTP1
import ProxyCore
import ProxyModel

/// The host that the TLS connection of a request is for, where the cluster wants that.
extension RequestStream {
    /// As Envoy: of the head as the route leaves it, and the same for all attempts, also where the host is an endpoint's then.
    func peerHost(_ naming: PeerNaming) -> HostName {
        let extras = self.madeExtras
        if let known = extras.peerHost { return known }
        let host = self.peerHost(of: self.head, naming)
        extras.peerHost = host
        return host
    }

    func peerHost(of head: RequestHead, _ naming: PeerNaming) -> HostName {
        let lookup = RequestLookup(head: head, isSecure: self.connection.isTLS)
        if let header = naming.header, let value = lookup.headerValue(header), !value.isEmpty { return HostName(authority: value) }
        return HostName(authority: head.authority.string)
    }
}
