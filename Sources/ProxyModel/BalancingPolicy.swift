// SPDX-License-Identifier: Apache-2.0

/// How one of the endpoints is chosen.
package enum BalancingPolicy: Sendable, Hashable {
    case roundRobin
    /// The best of `choices` random ones.
    case leastRequest(choices: Int)
    case random
    case ringHash(minimumSize: Int, maximumSize: Int)
    /// `tableSize` is prime.
    case maglev(tableSize: Int)

    /// Whether a request's hash says which endpoint it goes to.
    package var isByHash: Bool {
        switch self {
        case .ringHash, .maglev: true
        case .roundRobin, .leastRequest, .random: false
        }
    }
}
