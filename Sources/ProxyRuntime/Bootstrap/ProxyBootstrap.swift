// SPDX-License-Identifier: Apache-2.0
package import EnvoyAPI
package import XDSProtocol

/// What a proxy starts from: Envoy's bootstrap, and what only our proxy understands.
package struct ProxyBootstrap: Sendable {
    package var message: Envoy_Config_Bootstrap_V3_Bootstrap
    package var admin: SocketEndpoint?
    /// Nil for a proxy that runs on static resources alone.
    package var controlPlane: ControlPlaneEndpoint?
    /// Files that resources come from (`path_config_source`).
    package var files: [ResourceType: String]
    package var workload: WorkloadSettings

    /// The node as the control plane gets it: with what this program is.
    var nodeWithProgram: Envoy_Config_Core_V3_Node {
        var node = self.message.node
        node.userAgentName = "malla-proxy"
        node.userAgentVersion = MallaVersion.text
        return node
    }
}
