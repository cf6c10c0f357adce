// SPDX-License-Identifier: Apache-2.0
import EnvoyAPI
import SPIFFE
import SwiftProtobuf

/// Decides whether a caller may speak for the node that it names: a proven identity may only ask for its own workload's view.
enum NodeAuthorization {
    /// - Returns: Why not, or nil if it may.
    static func refusal(of node: Envoy_Config_Core_V3_Node, identity: SPIFFEID, trustDomain: TrustDomain) -> String? {
        guard identity.trustDomain == trustDomain else { return "identity belongs to another trust domain" }
        guard let workload = identity.workload else { return "identity names no namespace and service account" }
        guard !node.id.isEmpty, node.id.utf8.count <= 1024 else { return "node has no usable id" }
        guard let namespace = Self.text("NAMESPACE", of: node) ?? Self.namespace(ofID: node.id) else {
            return "node names no namespace"
        }
        guard namespace == workload.namespace else {
            return "node is of namespace \(namespace), the caller of \(workload.namespace)"
        }
        if let account = Self.text("SERVICE_ACCOUNT", of: node), account != workload.serviceAccount {
            return "node runs as service account \(account), the caller as \(workload.serviceAccount)"
        }
        if let fromID = Self.namespace(ofID: node.id), fromID != namespace {
            return "node id and node metadata name different namespaces"
        }
        return nil
    }

    private static func text(_ key: String, of node: Envoy_Config_Core_V3_Node) -> String? {
        guard case .stringValue(let value)? = node.metadata.fields[key]?.kind, !value.isEmpty else { return nil }
        return value
    }

    /// `sidecar~ADDRESS~NAME.NAMESPACE~NAMESPACE.svc.DOMAIN`
    private static func namespace(ofID id: String) -> String? {
        let parts = id.split(separator: "~", omittingEmptySubsequences: false)
        guard parts.count == 4, let dot = parts[2].lastIndex(of: ".") else { return nil }
        return String(parts[2][parts[2].index(after: dot)...])
    }
}
