// SPDX-License-Identifier: Apache-2.0
import MeshResources

/// Which workloads have a proxy connected, and since when others have none. A value: time is handed in.
struct ConnectedWorkloads: Sendable {
    struct Name: Sendable, Hashable {
        var namespace: String
        var name: String
    }

    private var connections: [Name: Set<UInt64>] = [:]
    private var goneSince: [Name: ContinuousClock.Instant] = [:]
    /// When an entry without a proxy was first looked at.
    private var unseenSince: [Name: ContinuousClock.Instant] = [:]

    mutating func connected(_ name: Name, connection: UInt64) {
        connections[name, default: []].insert(connection)
        goneSince[name] = nil
        unseenSince[name] = nil
    }

    mutating func disconnected(_ name: Name, connection: UInt64, at time: ContinuousClock.Instant) {
        guard var open = connections[name], open.remove(connection) != nil else { return }
        connections[name] = open.isEmpty ? nil : open
        if open.isEmpty { goneSince[name] = time }
    }

    /// The workloads among `registered` whose proxy has been gone, or never came, for longer than allowed.
    mutating func stale(
        among registered: Set<Name>, at time: ContinuousClock.Instant, gone: Duration, unseen: Duration
    ) -> [Name] {
        goneSince = goneSince.filter { registered.contains($0.key) }
        unseenSince = unseenSince.filter { registered.contains($0.key) }
        var stale: [Name] = []
        for name in registered where connections[name] == nil {
            if let since = goneSince[name] {
                if time - since >= gone { stale.append(name) }
            } else if let since = unseenSince[name] {
                if time - since >= unseen { stale.append(name) }
            } else {
                unseenSince[name] = time
            }
        }
        return stale.sorted { ($0.namespace, $0.name) < ($1.namespace, $1.name) }
    }
}
