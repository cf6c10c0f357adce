// SPDX-License-Identifier: Apache-2.0

/// Where the control plane answers, and the name its certificate has to bear.
package struct ControlPlaneEndpoint: Sendable, Hashable {
    package var address: SocketEndpoint
    package var serverName: String
}
