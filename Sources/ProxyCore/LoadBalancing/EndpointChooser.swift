// SPDX-License-Identifier: Apache-2.0
import ProxyModel

/// Chooses among the endpoints of one group by the cluster's policy. Closed: the policies that we ship.
enum EndpointChooser: Sendable {
    case roundRobin(RoundRobin)
    case leastRequest(LeastRequest)
    case random([Int])
    case ring(HashRing)
    case maglev(MaglevTable)

    init(_ policy: BalancingPolicy, indices: [Int], weights: [UInt32], endpoints: [Endpoint], random: inout RandomSource) {
        switch policy {
        case .roundRobin: self = .roundRobin(RoundRobin(indices: indices, weights: weights, start: random.next()))
        case .leastRequest(let choices):
            self = .leastRequest(LeastRequest(indices: indices, weights: weights, choices: choices))
        case .random: self = .random(indices)
        case .ringHash(let minimum, let maximum):
            let keys = indices.map { Self.key(endpoints[$0]) }
            self = .ring(HashRing(indices: indices, weights: weights, keys: keys, minimumSize: minimum, maximumSize: maximum))
        case .maglev(let size):
            let keys = indices.map { Self.key(endpoints[$0]) }
            self = .maglev(MaglevTable(indices: indices, weights: weights, keys: keys, size: size))
        }
    }

    private static func key(_ endpoint: Endpoint) -> String {
        endpoint.hashKey.isEmpty ? endpoint.address.description : endpoint.hashKey
    }

    mutating func next(hash: UInt64?, attempt: Int, active: (Int) -> Int, random: inout RandomSource) -> Int? {
        switch self {
        case .roundRobin(var state):
            // Given up while it is changed, so that its heap is not copied.
            self = .random([])
            defer { self = .roundRobin(state) }
            return state.next()
        case .leastRequest(let state): return state.next(active: active, random: &random)
        case .random(let indices):
            return indices.isEmpty ? nil : indices[Int(random.next() % UInt64(indices.count))]
        case .ring(let ring): return ring.endpoint(for: hash ?? random.next(), attempt: attempt)
        case .maglev(let table): return table.endpoint(for: hash ?? random.next(), attempt: attempt)
        }
    }
}
