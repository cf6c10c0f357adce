// SPDX-License-Identifier: Apache-2.0
package import XDSProtocol

/// Where the control plane answers, and the name its certificate has to bear.
package struct ControlPlaneEndpoint: Sendable, Hashable {
    package var address: SocketEndpoint
    package var serverName: String
    /// Plaintext and without showing who we are; otherwise mutual TLS with the workload's certificate.
    package var isPlaintext = false
    /// Types of which everything is asked for.
    package var types: Set<ResourceType> = [.cluster, .listener]
}
