// SPDX-License-Identifier: Apache-2.0
package import EnvoyAPI
package import ProxyModel
package import XDSProtocol

/// What a proxy starts from: Envoy's bootstrap, and what only our proxy understands.
package struct ProxyBootstrap: Sendable {
    package var message: Envoy_Config_Bootstrap_V3_Bootstrap
    package var admin: SocketEndpoint?
    /// What `ads` stands for; nil if there is none.
    package var aggregated: DiscoveryService?
    /// Where all listeners and all clusters come from.
    package var sources: [ResourceType: ConfigurationSource]
    package var workload: WorkloadSettings

    /// What a command line says of the node counts where the bootstrap says nothing.
    package mutating func setDefaults(nodeID: String?, cluster: String?) {
        if let nodeID, self.message.node.id.isEmpty { self.message.node.id = nodeID }
        if let cluster, self.message.node.cluster.isEmpty { self.message.node.cluster = cluster }
    }

    /// Whether the control plane of `ads` is the mesh's own, which gives this workload its certificate.
    package var hasIdentity: Bool { self.aggregated != nil && self.workload.trustBundleFile != nil }

    /// The way to a discovery service.
    package func endpoint(of service: DiscoveryService) throws(BootstrapError) -> ControlPlaneEndpoint {
        try BootstrapReader.endpoint(of: service, in: self.message, path: "cluster")
    }

    /// Why nothing can come from there; nil if it can.
    package func fault(of source: ConfigurationSource) -> String? {
        switch source {
        case .file: return nil
        case .aggregated: return self.aggregated == nil ? "ads needs dynamic_resources.ads_config" : nil
        case .service(let service):
            do {
                _ = try self.endpoint(of: service)
                return nil
            } catch {
                return "\(error)"
            }
        }
    }

    /// The node as the control plane gets it: with what this program is.
    var nodeWithProgram: Envoy_Config_Core_V3_Node {
        var node = self.message.node
        node.userAgentName = "malla-proxy"
        node.userAgentVersion = MallaVersion.text
        return node
    }
}
