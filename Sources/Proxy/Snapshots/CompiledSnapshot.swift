// SPDX-License-Identifier: Apache-2.0
import ProxyCore
import ProxyModel

/// A snapshot made ready once and shared by all event loops. What did not change is taken over from the one before.
final class CompiledSnapshot: Sendable {
    let snapshot: ProxySnapshot
    let listeners: [String: CompiledListener]
    let routers: [String: Router]
    /// Kept as long as a cluster of that name lives.
    let counters: [String: CircuitCounters]
    /// As long as counters.
    let outliers: [String: OutlierMonitor]

    static let empty = CompiledSnapshot()

    private init() {
        self.snapshot = ProxySnapshot()
        self.listeners = [:]
        self.routers = [:]
        self.counters = [:]
        self.outliers = [:]
    }

    init(_ snapshot: ProxySnapshot, previous: CompiledSnapshot, clock: MonotonicClock) throws(ProxyApplyError) {
        self.snapshot = snapshot
        var listeners: [String: CompiledListener] = [:]
        for (name, listener) in snapshot.listeners {
            if let known = previous.listeners[name], known.listener == listener {
                listeners[name] = known
            } else {
                listeners[name] = try CompiledListener(listener)
            }
        }
        self.listeners = listeners
        var routers: [String: Router] = [:]
        for (name, table) in snapshot.routeTables {
            if let known = previous.routers[name], known.table == table {
                routers[name] = known
            } else {
                do { routers[name] = try Router(table) } catch {
                    throw ProxyApplyError(subject: "route table \(name)", reason: "\(error)")
                }
            }
        }
        self.routers = routers
        self.counters = snapshot.clusters.mapValues { previous.counters[$0.name] ?? CircuitCounters() }
        self.outliers = snapshot.clusters.mapValues { previous.outliers[$0.name] ?? OutlierMonitor(clock: clock) }
    }
}
