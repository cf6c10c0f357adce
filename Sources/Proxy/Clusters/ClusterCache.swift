// SPDX-License-Identifier: Apache-2.0
import ProxyCore

/// Where the clusters of routes were last found, so that a request does not have to hash a name. Empty it when clusters change.
struct ClusterCache {
    /// A slot keeps its target, so that no other one can have the same address.
    private var slots: [(target: CompiledTarget, cluster: ClusterState)?] = []

    private static let bits = 8

    mutating func clear() { self.slots = [] }

    func find(_ target: CompiledTarget) -> ClusterState? {
        guard !self.slots.isEmpty, let slot = self.slots[Self.place(target)], slot.target === target else { return nil }
        return slot.cluster
    }

    mutating func insert(_ cluster: ClusterState, for target: CompiledTarget) {
        if self.slots.isEmpty { self.slots = Array(repeating: nil, count: 1 << Self.bits) }
        self.slots[Self.place(target)] = (target, cluster)
    }

    private static func place(_ target: CompiledTarget) -> Int {
        let address = UInt64(UInt(bitPattern: ObjectIdentifier(target)))
        return Int(truncatingIfNeeded: (address &* 0x9E37_79B9_7F4A_7C15) >> UInt64(64 - Self.bits))
    }
}
