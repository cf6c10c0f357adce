// SPDX-License-Identifier: Apache-2.0
package import EnvoyAPI
package import Observability
import SwiftProtobuf

/// Who a proxy is, by its node: what its certificate is asked for, and how its metrics name it.
package struct ProxyIdentity: Sendable, Hashable {
    package var nodeID: String
    package var cluster: String
    package var namespace: String
    package var serviceAccount: String
    package var metadata: PeerMetadata

    package init(node: Envoy_Config_Core_V3_Node) {
        let fields = node.metadata.fields
        func text(_ key: String) -> String? {
            guard let value = fields[key]?.stringValue, !value.isEmpty else { return nil }
            return value
        }
        // `sidecar~ADDRESS~NAME.NAMESPACE~DOMAIN`
        let parts = node.id.split(separator: "~", omittingEmptySubsequences: false)
        let name = parts.count > 2 ? parts[2].split(separator: ".").first.map(String.init) : nil
        let namespace = parts.count > 2 ? parts[2].split(separator: ".").last.map(String.init) : nil
        self.nodeID = node.id
        self.cluster = node.cluster
        self.namespace = text("NAMESPACE") ?? namespace ?? "default"
        self.serviceAccount = text("SERVICE_ACCOUNT") ?? "default"
        let labels = fields["LABELS"]?.structValue.fields.mapValues(\.stringValue) ?? [:]
        var metadata = PeerMetadata(
            name: name, namespace: self.namespace, workload: text("WORKLOAD_NAME") ?? name,
            cluster: text("CLUSTER_ID") ?? "Kubernetes", mesh: text("MESH_ID"), labels: labels)
        if let service = text("CANONICAL_SERVICE") { metadata.labels["service.istio.io/canonical-name"] = service }
        if let revision = text("CANONICAL_REVISION") { metadata.labels["service.istio.io/canonical-revision"] = revision }
        self.metadata = metadata
    }
}
