// SPDX-License-Identifier: Apache-2.0
import Foundation
import Synchronization
import XDSProtocol

/// The open aggregated streams: who is connected, how far each is, and how to reach it.
final class SessionRegistry: Sendable {
    private struct Entry: Sendable {
        var status: ProxyStatus
        var pushNeeded: @Sendable () -> Void
        var shutdown: @Sendable () -> Void
    }

    private struct State: Sendable {
        var entries: [UInt64: Entry] = [:]
        var lastID: UInt64 = 0
        var isShutDown = false
    }

    private let state = Mutex(State())

    func nextID() -> UInt64 {
        self.state.withLock {
            $0.lastID &+= 1
            return $0.lastID
        }
    }

    /// False if the server is going down.
    func add(
        _ status: ProxyStatus, pushNeeded: @escaping @Sendable () -> Void, shutdown: @escaping @Sendable () -> Void
    ) -> Bool {
        self.state.withLock { state in
            guard !state.isShutDown else { return false }
            state.entries[status.proxy.connectionID] = Entry(status: status, pushNeeded: pushNeeded, shutdown: shutdown)
            return true
        }
    }

    func remove(_ id: UInt64) { self.state.withLock { _ = $0.entries.removeValue(forKey: id) } }

    func update(_ id: UInt64, _ type: ResourceType, _ status: SubscriptionStatus, at time: Date) -> ProxyStatus? {
        self.state.withLock { state in
            state.entries[id]?.status.update(type, status, at: time)
            return state.entries[id]?.status
        }
    }

    func push(where isAffected: (ConnectedProxy) -> Bool) {
        let entries = self.state.withLock { $0.entries.values.map { ($0.status.proxy, $0.pushNeeded) } }
        for (proxy, pushNeeded) in entries where isAffected(proxy) { pushNeeded() }
    }

    var statuses: [ProxyStatus] {
        self.state.withLock { $0.entries.values.map(\.status) }
            .sorted { ($0.proxy.nodeID, $0.proxy.connectionID) < ($1.proxy.nodeID, $1.proxy.connectionID) }
    }

    func shutdown() {
        let all = self.state.withLock { state in
            state.isShutDown = true
            return state.entries.values.map(\.shutdown)
        }
        for shutdown in all { shutdown() }
    }
}
