// SPDX-License-Identifier: Apache-2.0
import Synchronization

/// What circuit limits of one cluster count, over all event loops: limits are per proxy.
final class CircuitCounters: Sendable {
    private let connections = Atomic<Int>(0)
    private let pending = Atomic<Int>(0)
    private let requests = Atomic<Int>(0)
    private let retries = Atomic<Int>(0)

    enum Resource: Sendable { case connections, pending, requests, retries }

    /// Takes one if fewer than `limit` are taken.
    func take(_ resource: Resource, limit: Int) -> Bool {
        let (_, before) = self.add(1, to: resource)
        guard before < limit else {
            _ = self.add(-1, to: resource)
            return false
        }
        return true
    }

    func giveBack(_ resource: Resource) { _ = self.add(-1, to: resource) }

    func value(_ resource: Resource) -> Int {
        switch resource {
        case .connections: self.connections.load(ordering: .relaxed)
        case .pending: self.pending.load(ordering: .relaxed)
        case .requests: self.requests.load(ordering: .relaxed)
        case .retries: self.retries.load(ordering: .relaxed)
        }
    }

    private func add(_ amount: Int, to resource: Resource) -> (newValue: Int, oldValue: Int) {
        let result =
            switch resource {
            case .connections: self.connections.wrappingAdd(amount, ordering: .relaxed)
            case .pending: self.pending.wrappingAdd(amount, ordering: .relaxed)
            case .requests: self.requests.wrappingAdd(amount, ordering: .relaxed)
            case .retries: self.retries.wrappingAdd(amount, ordering: .relaxed)
            }
        return (result.newValue, result.oldValue)
    }
}
