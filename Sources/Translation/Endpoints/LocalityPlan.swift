// SPDX-License-Identifier: Apache-2.0
import MeshModel
import MeshResources

/// Which endpoints a proxy prefers because of where they and it are. Istio's rules: `distribute` splits by weight; else, where
/// outlier detection is on, nearer localities are tried first, and farther ones only when those fail.
enum LocalityPlan: Hashable {
    case even
    /// Locality as a rule writes it → share.
    case distribute([String: Int])
    /// Region to fail over to from the proxy's own; nil: any.
    case failover(preferredRegion: String?)
    /// Labels that an endpoint shares with the proxy, the most important first.
    case labels([String])

    init(_ policy: EffectiveTrafficPolicy, origin: LocalityName) {
        let settings = policy.loadBalancer?.locality
        self = .even
        guard settings?.enabled != false else { return }
        if let settings, !settings.distribute.isEmpty {
            if let rule = settings.distribute.first(where: { LocalityName($0.from).includes(origin) }), !origin.region.isEmpty {
                self = .distribute(rule.to)
            }
        } else if policy.outlierDetection != nil {
            if let labels = settings?.failoverPriority, !labels.isEmpty {
                self = .labels(labels)
            } else if !origin.region.isEmpty {
                self = .failover(preferredRegion: settings?.failover.first { $0.from == origin.region }?.to)
            }
        }
    }

    /// Lower is tried first; may have gaps.
    func priority(of workload: Workload, from origin: LocalityName, labels own: [String: String]) -> Int {
        let place = LocalityName(workload.locality)
        switch self {
        case .even, .distribute: return 0
        case .failover(let preferred):
            let distance = origin.distance(to: place)
            guard distance == 3, let preferred, place.region != preferred else { return distance }
            return 4
        case .labels(let names):
            let mine = Self.topology(origin).merging(own) { $1 }
            let theirs = Self.topology(place).merging(workload.labels) { $1 }
            let differs = names.firstIndex { name in
                let parts = name.split(separator: "=", maxSplits: 1).map(String.init)
                let key = parts.first ?? name
                return (parts.count == 2 ? parts[1] : mine[key]) != theirs[key]
            }
            return differs.map { names.count - $0 } ?? 0
        }
    }

    private static func topology(_ place: LocalityName) -> [String: String] {
        var labels: [String: String] = [:]
        if !place.region.isEmpty { labels["topology.kubernetes.io/region"] = place.region }
        if !place.zone.isEmpty { labels["topology.kubernetes.io/zone"] = place.zone }
        if !place.subZone.isEmpty { labels["topology.istio.io/subzone"] = place.subZone }
        return labels
    }
}
