// SPDX-License-Identifier: Apache-2.0
import MeshModel

/// Endpoints of one locality and priority.
struct EndpointGroup: Hashable {
    var locality: String
    var priority: Int
    var workloads: [Workload]
    var weight: Int

    /// Sorted by priority, then locality; priorities without gaps, as Envoy wants them.
    static func groups(
        _ workloads: [Workload], plan: LocalityPlan, origin: LocalityName, labels: [String: String]
    ) -> [EndpointGroup] {
        struct Place: Hashable {
            var priority: Int
            var locality: String
        }
        let places = Dictionary(grouping: workloads) {
            Place(priority: plan.priority(of: $0, from: origin, labels: labels), locality: $0.locality)
        }
        let ranks = Set(places.keys.map(\.priority)).sorted()
        let groups = places.keys.sorted { ($0.priority, $0.locality) < ($1.priority, $1.locality) }.map { place in
            let members = places[place] ?? []
            return EndpointGroup(
                locality: place.locality, priority: ranks.firstIndex(of: place.priority) ?? 0, workloads: members,
                weight: members.reduce(0) { $0.addingReportingOverflow(max($1.weight, 1)).partialValue })
        }
        guard case .distribute(let shares) = plan else { return groups }
        return distributed(groups, shares)
    }

    /// A share goes to the localities under its name by their own weights; a locality without a share gets nothing.
    private static func distributed(_ groups: [EndpointGroup], _ shares: [String: Int]) -> [EndpointGroup] {
        let rules = shares.sorted { $0.key < $1.key }
        func rule(_ group: EndpointGroup) -> (key: String, value: Int)? {
            rules.first { LocalityName($0.key).includes(LocalityName(group.locality)) }
        }
        var totals: [String: Int] = [:]
        for group in groups {
            if let name = rule(group)?.key { totals[name] = (totals[name] ?? 0).addingReportingOverflow(group.weight).partialValue }
        }
        return groups.compactMap { group in
            guard let (name, share) = rule(group), let total = totals[name], total > 0 else { return nil }
            var group = group
            let portion = Double(group.weight) * Double(share) / Double(total)
            group.weight = max(1, Int(portion.rounded(.up)))
            return group
        }
    }
}
