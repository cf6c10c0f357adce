// SPDX-License-Identifier: Apache-2.0
package import Observability

/// Who this proxy is, for what it tells others.
package struct ProxyConfiguration: Sendable, Hashable {
    /// This workload, in metrics.
    package var localLabels: PeerLabels
    /// Sent as `x-envoy-peer-metadata-id`.
    package var nodeID: String
    /// Sent as `x-envoy-peer-metadata`; empty: neither is sent.
    package var metadataHeader: String
    /// The cluster of its node.
    package var serviceCluster: String

    package init(
        localLabels: PeerLabels = PeerLabels(), nodeID: String = "", metadataHeader: String = "", serviceCluster: String = ""
    ) {
        self.localLabels = localLabels
        self.nodeID = nodeID
        self.metadataHeader = metadataHeader
        self.serviceCluster = serviceCluster
    }
}
