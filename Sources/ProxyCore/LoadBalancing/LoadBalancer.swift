// SPDX-License-Identifier: Apache-2.0
package import ProxyModel

/// Chooses an endpoint for each try of a request. One per cluster and event loop; made anew when the endpoints change, and told
/// when outlier detection ejects one or lets it return.
package struct LoadBalancer: Sendable {
    /// What matters about one try.
    package struct Request: Sendable, Hashable {
        /// For ring hash and Maglev; nil takes a random one.
        package var hash: UInt64?
        /// Endpoints that were tried before, where the retry policy avoids them.
        package var avoiding: [Int]
        /// How often to choose again before one of `avoiding` is taken after all.
        package var selections: Int

        package init(hash: UInt64? = nil, avoiding: [Int] = [], selections: Int = 1) {
            self.hash = hash
            self.avoiding = avoiding
            self.selections = selections
        }
    }

    /// The endpoints of one locality, or of all where localities have no weights.
    private struct Group: Sendable {
        var weight: UInt64
        var chooser: EndpointChooser
    }

    package let endpoints: [Endpoint]
    private let policy: BalancingPolicy
    private let panicThreshold: Double
    private let weighsLocalities: Bool
    private let overprovisioningFactor: Int
    private var load: PriorityLoad
    /// By priority.
    private var groups: [[Group]]
    /// There is one endpoint, and it can be used.
    package private(set) var isLone = false
    /// So few endpoints of some priority are usable that all of them are taken.
    package private(set) var isInPanic = false

    package init(
        _ policy: BalancingPolicy,
        endpoints set: EndpointSet,
        panicThreshold: Double,
        weighsLocalities: Bool = false,
        ejected: Set<ProxySocketAddress> = [],
        random: inout RandomSource
    ) {
        self.endpoints = set.endpoints
        self.policy = policy
        self.panicThreshold = panicThreshold
        self.weighsLocalities = weighsLocalities
        self.overprovisioningFactor = set.overprovisioningFactor
        self.load = PriorityLoad(counts: [], overprovisioningFactor: 140, panicThreshold: 0)
        self.groups = []
        self.setEjected(ejected, random: &random)
    }

    /// Endpoints that outlier detection leaves out now.
    package mutating func setEjected(_ ejected: Set<ProxySocketAddress>, random: inout RandomSource) {
        let priorities = (self.endpoints.map(\.priority).max() ?? -1) + 1
        var all = [[Int]](repeating: [], count: max(priorities, 0))
        for (index, endpoint) in self.endpoints.enumerated() where endpoint.priority >= 0 { all[endpoint.priority].append(index) }
        let healthy = all.map { $0.filter { self.isUsable($0, .healthy, ejected) } }
        let degraded = all.map { $0.filter { self.isUsable($0, .degraded, ejected) } }
        // Degraded endpoints stand in where a priority has no healthy one.
        let usable = zip(healthy, degraded).map { $0.isEmpty ? $1 : $0 }
        self.load = PriorityLoad(
            counts: zip(usable, all).map { ($0.count, $1.count) }, overprovisioningFactor: self.overprovisioningFactor,
            panicThreshold: self.panicThreshold)
        var groups: [[Group]] = []
        for priority in all.indices {
            let hosts = self.load.panics[priority] ? all[priority] : usable[priority]
            groups.append(self.makeGroups(hosts, all: all[priority], random: &random))
        }
        self.groups = groups
        self.isInPanic = self.load.panics.contains(true) || self.endpoints.isEmpty
        self.isLone = self.endpoints.count == 1 && usable.first?.first == 0
    }

    private func isUsable(_ index: Int, _ health: Endpoint.Health, _ ejected: Set<ProxySocketAddress>) -> Bool {
        self.endpoints[index].health == health && !ejected.contains(self.endpoints[index].address)
    }

    private func makeGroups(_ hosts: [Int], all: [Int], random: inout RandomSource) -> [Group] {
        guard !hosts.isEmpty else { return [] }
        guard self.weighsLocalities, hosts.contains(where: { self.endpoints[$0].localityWeight != nil }) else {
            return [self.group(weight: 1, hosts, hosts.map { self.endpoints[$0].weight }, random: &random)]
        }
        var localities: [(weight: UInt64, members: [Int])] = []
        for locality in self.localities(of: hosts) {
            let members = hosts.filter { self.endpoints[$0].locality == locality }
            let total = all.count { self.endpoints[$0].locality == locality }
            guard let first = members.first, let weight = self.endpoints[first].localityWeight, weight > 0 else { continue }
            // A locality that lost endpoints gives weight up, as a priority gives load up.
            let health = min(100, self.overprovisioningFactor * members.count / max(total, 1))
            localities.append((UInt64(weight) * UInt64(max(health, 1)), members))
        }
        guard self.policy.isByHash else {
            return localities.map { locality in
                let weights = locality.members.map { self.endpoints[$0].weight }
                return self.group(weight: locality.weight, locality.members, weights, random: &random)
            }
        }
        // A hash has one endpoint: localities weigh as parts of one ring.
        let sum = localities.reduce(UInt64(0)) { $0 + $1.weight }
        var weights: [UInt32] = []
        for locality in localities {
            let inside = locality.members.reduce(UInt64(0)) { $0 + UInt64(self.endpoints[$1].weight) }
            for member in locality.members {
                let share = Double(self.endpoints[member].weight) / Double(max(inside, 1))
                weights.append(UInt32(max(1, share * Double(locality.weight) / Double(max(sum, 1)) * 1_000_000)))
            }
        }
        let members = localities.flatMap(\.members)
        return members.isEmpty ? [] : [self.group(weight: 1, members, weights, random: &random)]
    }

    private func localities(of hosts: [Int]) -> [Locality] {
        var localities: [Locality] = []
        for host in hosts where !localities.contains(self.endpoints[host].locality) {
            localities.append(self.endpoints[host].locality)
        }
        return localities
    }

    private func group(weight: UInt64, _ hosts: [Int], _ weights: [UInt32], random: inout RandomSource) -> Group {
        let chooser = EndpointChooser(self.policy, indices: hosts, weights: weights, endpoints: self.endpoints, random: &random)
        return Group(weight: weight, chooser: chooser)
    }

    /// An index into `endpoints`; nil means no healthy upstream: 503 UH.
    package mutating func choose(_ request: Request, active: (Int) -> Int, random: inout RandomSource) -> Int? {
        // With one endpoint there is nothing to choose.
        if self.isLone { return 0 }
        var chosen: Int?
        var attempt = 0
        while attempt <= max(request.selections, 0) {
            guard let next = self.next(request.hash, attempt: attempt, active: active, random: &random) else { return chosen }
            chosen = next
            if !request.avoiding.contains(next) { break }
            attempt += 1
        }
        return chosen
    }

    private mutating func next(_ hash: UInt64?, attempt: Int, active: (Int) -> Int, random: inout RandomSource) -> Int? {
        guard let priority = self.load.priority(random: hash ?? random.next()), !self.groups[priority].isEmpty else { return nil }
        var group = 0
        if self.groups[priority].count > 1 {
            let total = self.groups[priority].reduce(UInt64(0)) { $0 + $1.weight }
            var rest = random.next() % max(total, 1)
            while group < self.groups[priority].count - 1, rest >= self.groups[priority][group].weight {
                rest -= self.groups[priority][group].weight
                group += 1
            }
        }
        return self.groups[priority][group].chooser.next(hash: hash, attempt: attempt, active: active, random: &random)
    }
}
