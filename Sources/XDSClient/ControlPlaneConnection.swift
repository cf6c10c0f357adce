// SPDX-License-Identifier: Apache-2.0
package import NIOCore

/// Where a control plane is and how it is spoken to. A value; what it makes is opened by a stream.
package struct ControlPlaneConnection: Sendable {
    package enum Address: Sendable, Hashable {
        /// An IP address or a name.
        case host(String, port: Int)
        case unix(path: String)
    }

    package enum Security: Sendable {
        case plaintext
        /// By the mesh's own certificates: the newest credential at each connect. The server's certificate bears the name.
        case mesh(serverName: String, any WorkloadCredentialSource)
        /// By TLS that is put under the connection, on its event loop, before anything is sent.
        case custom(@Sendable (any Channel) throws -> Void)
    }

    /// One after the other, until one answers.
    package var addresses: [Address]
    package var security: Security
    /// `:authority`; nil: the address.
    package var authority: String?

    package init(addresses: [Address], security: Security, authority: String? = nil) {
        self.addresses = addresses
        self.security = security
        self.authority = authority
    }

    /// The mesh's own control plane.
    package init(
        host: String, port: Int, serverName: String = "istiod.istio-system.svc", credentials: any WorkloadCredentialSource
    ) {
        self.init(addresses: [.host(host, port: port)], security: .mesh(serverName: serverName, credentials))
    }
}
