// SPDX-License-Identifier: Apache-2.0
package import EnvoyAPI
package import XDSProtocol

/// Settings of a proxy's connection to its control plane.
package struct ADSClientConfiguration: Sendable {
    package var host: String
    package var port: Int
    /// The name that the server's certificate has to bear.
    package var serverName: String
    /// Without TLS and without showing who we are: for a control plane that asks for neither.
    package var isPlaintext: Bool
    package var node: Envoy_Config_Core_V3_Node
    /// Types of which everything is wanted.
    package var wildcardTypes: Set<ResourceType>
    /// Bytes of one response.
    package var maximumMessageSize: Int
    package var backoff: Backoff

    package init(
        host: String, port: Int, serverName: String = "istiod.istio-system.svc", isPlaintext: Bool = false,
        node: Envoy_Config_Core_V3_Node,
        wildcardTypes: Set<ResourceType> = [.cluster, .listener], maximumMessageSize: Int = 64 * 1024 * 1024,
        backoff: Backoff = Backoff()
    ) {
        self.host = host
        self.port = port
        self.serverName = serverName
        self.isPlaintext = isPlaintext
        self.node = node
        self.wildcardTypes = wildcardTypes
        self.maximumMessageSize = maximumMessageSize
        self.backoff = backoff
    }
}
