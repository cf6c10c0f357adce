// SPDX-License-Identifier: Apache-2.0
package import EnvoyAPI
package import SPIFFE
import SwiftProtobuf

/// A proxy on an open aggregated stream, whose node agrees with its proven identity.
package struct ConnectedProxy: Sendable, Identifiable {
    /// Unique among the streams of this server.
    package let connectionID: UInt64
    package let node: Envoy_Config_Core_V3_Node
    package let identity: SPIFFEID
    /// `delta` or `sotw`.
    package let isDelta: Bool

    package init(connectionID: UInt64, node: Envoy_Config_Core_V3_Node, identity: SPIFFEID, isDelta: Bool) {
        self.connectionID = connectionID
        self.node = node
        self.identity = identity
        self.isDelta = isDelta
    }

    package var id: UInt64 { self.connectionID }
    package var nodeID: String { self.node.id }
    package var workload: WorkloadIdentity? { self.identity.workload }
    /// `malla-proxy 0.1.0`, `envoy`, …: what the node says it is.
    package var userAgent: String {
        [self.node.userAgentName, self.node.userAgentVersion].filter { !$0.isEmpty }.joined(separator: " ")
    }
}
