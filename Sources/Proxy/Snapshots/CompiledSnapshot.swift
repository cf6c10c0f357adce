// SPDX-License-Identifier: Apache-2.0
import Observability
import ProxyCore
import ProxyModel

/// A snapshot made ready once and shared by all event loops. What did not change is taken over from the one before.
final class CompiledSnapshot: Sendable {
    let snapshot: ProxySnapshot
    let listeners: [String: CompiledListener]
    /// Names of listeners by address, where one hands over to others.
    private let places: [IPEndpoint: String]
    let routers: [String: Router]
    /// Kept as long as a cluster of that name lives.
    let counters: [String: CircuitCounters]
    /// As long as counters.
    let outliers: [String: OutlierMonitor]

    static let empty = CompiledSnapshot()

    private init() {
        self.snapshot = ProxySnapshot()
        self.listeners = [:]
        self.places = [:]
        self.routers = [:]
        self.counters = [:]
        self.outliers = [:]
    }

    init(_ snapshot: ProxySnapshot, previous: CompiledSnapshot, clock: MonotonicClock, stats: StatRegistry) throws(ProxyApplyError)
    {
        self.snapshot = snapshot
        var listeners: [String: CompiledListener] = [:]
        for (name, listener) in snapshot.listeners {
            if let known = previous.listeners[name], known.listener == listener {
                listeners[name] = known
            } else {
                listeners[name] = try CompiledListener(listener, stats: stats)
            }
        }
        self.listeners = listeners
        self.places = Self.places(snapshot)
        var routers: [String: Router] = [:]
        for (name, table) in snapshot.routeTables {
            if let known = previous.routers[name], known.table == table {
                routers[name] = known
            } else {
                do { routers[name] = try Router(table, stats: stats) } catch {
                    throw ProxyApplyError(subject: "route table \(name)", reason: "\(error)")
                }
            }
        }
        self.routers = routers
        self.counters = snapshot.clusters.mapValues { previous.counters[$0.name] ?? CircuitCounters() }
        self.outliers = snapshot.clusters.mapValues { previous.outliers[$0.name] ?? OutlierMonitor(clock: clock) }
    }

    /// The listener of exactly this address, else of its port on all addresses.
    func listener(at end: IPEndpoint) -> CompiledListener? {
        let anywhere = IPEndpoint(bytes: [UInt8](repeating: 0, count: end.bytes.count), port: end.port)
        guard let name = self.places[end] ?? self.places[anywhere] else { return nil }
        return self.listeners[name]
    }

    private static func places(_ snapshot: ProxySnapshot) -> [IPEndpoint: String] {
        guard snapshot.listeners.values.contains(where: \.handsOverRedirected) else { return [:] }
        var places: [IPEndpoint: String] = [:]
        for (name, listener) in snapshot.listeners {
            guard case .host(let host, let port) = listener.address, let bytes = IPAddressBytes.parse(host) else { continue }
            places[IPEndpoint(bytes: bytes, port: port)] = name
        }
        return places
    }
}
