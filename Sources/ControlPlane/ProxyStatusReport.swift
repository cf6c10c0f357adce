// SPDX-License-Identifier: Apache-2.0
import Foundation
import MeshModel
import MeshResources
import SPIFFE
import XDSProtocol
import XDSServer

/// What `malla proxy-status` shows: one entry a connected proxy, sorted by name.
enum ProxyStatusReport {
    static func document(_ statuses: [ProxyStatus], clusterID: String) -> ManifestValue {
        let entries = statuses.map { status in (name: name(status.proxy), tree: entry(status, clusterID: clusterID)) }
        return .init(.array(entries.sorted { $0.name < $1.name }.map(\.tree)))
    }

    private static func name(_ proxy: ConnectedProxy) -> String {
        let parts = proxy.nodeID.split(separator: "~", omittingEmptySubsequences: false)
        return parts.count == 4 ? String(parts[2]) : proxy.nodeID
    }

    private static func entry(_ status: ProxyStatus, clusterID: String) -> ManifestValue {
        let proxy = status.proxy
        var types: ManifestValue = [:]
        for type in ResourceType.allCases where type != .secret { types[type.shortName] = subscription(status, type) }
        return [
            "proxy": text(name(proxy)), "cluster_id": text(clusterID), "node_id": text(proxy.nodeID),
            "identity": text(proxy.identity.description), "user_agent": text(proxy.userAgent),
            "protocol": text(proxy.isDelta ? "delta" : "sotw"), "connected_at": text(status.connectedAt.formatted(.iso8601)),
            "types": types,
        ]
    }

    private static func subscription(_ status: ProxyStatus, _ type: ResourceType) -> ManifestValue {
        let subscription = status[type]
        var tree: ManifestValue = ["state": text(subscription.state.rawValue)]
        tree["sent"] = subscription.sentGeneration.map(text)
        tree["acknowledged"] = subscription.acknowledgedGeneration.map(text)
        tree["changed_at"] = status.changedAt[type].map { text($0.formatted(.iso8601)) }
        tree["error"] = subscription.rejection.map { text($0.message) }
        return tree
    }

    private static func text(_ text: String) -> ManifestValue { .init(.string(text)) }
}
