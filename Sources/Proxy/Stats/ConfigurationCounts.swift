// SPDX-License-Identifier: Apache-2.0
import Observability
import ProxyModel

/// How the configuration has changed since the start.
struct ConfigurationCounts: Sendable {
    struct Changes: Sendable {
        var added = 0
        var modified = 0
        var removed = 0

        mutating func count<Value: Equatable>(from before: [String: Value], to now: [String: Value]) {
            for (name, value) in now {
                guard let known = before[name] else {
                    self.added += 1
                    continue
                }
                if known != value { self.modified += 1 }
            }
            self.removed += before.keys.count { now[$0] == nil }
        }
    }

    private var listeners = Changes()
    private var clusters = Changes()

    mutating func count(from before: ProxySnapshot, to now: ProxySnapshot) {
        self.listeners.count(from: before.listeners, to: now.listeners)
        self.clusters.count(from: before.clusters, to: now.clusters)
    }

    func blocks(listening: Int, clusters: Int) -> [StatBlock] {
        [
            StatBlock(
                .listenerManager, Self.listenerFields,
                [self.listeners.added, self.listeners.modified, self.listeners.removed, listening, 0, 1]),
            StatBlock(
                .clusterManager, Self.clusterFields,
                [self.clusters.added, self.clusters.modified, self.clusters.removed, clusters, 0]),
        ]
    }

    private static let listenerFields = [
        StatField("listener_added"), StatField("listener_modified"), StatField("listener_removed"),
        StatField("total_listeners_active", .gauge), StatField("total_listeners_warming", .gauge),
        StatField("workers_started", .gauge),
    ]
    private static let clusterFields = [
        StatField("cluster_added"), StatField("cluster_modified"), StatField("cluster_removed"),
        StatField("active_clusters", .gauge), StatField("warming_clusters", .gauge),
    ]
}
