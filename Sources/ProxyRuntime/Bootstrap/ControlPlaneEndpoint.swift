// SPDX-License-Identifier: Apache-2.0
package import ProxyModel

/// A way to a control plane: what a static cluster of the bootstrap says.
package struct ControlPlaneEndpoint: Sendable, Hashable {
    package var cluster: String
    /// At least one.
    package var addresses: [ProxySocketAddress]
    package var tls: ClientTLSContext?

    package init(cluster: String, addresses: [ProxySocketAddress], tls: ClientTLSContext? = nil) {
        self.cluster = cluster
        self.addresses = addresses
        self.tls = tls
    }

    /// The name that the certificate of the mesh's own control plane has to bear.
    package var serverName: String { self.tls?.serverName ?? "istiod.istio-system.svc" }

    /// The first that is a host with a port.
    package var address: SocketEndpoint? {
        for case .host(let host, let port) in self.addresses { return SocketEndpoint(host: host, port: port) }
        return nil
    }
}
