// SPDX-License-Identifier: Apache-2.0

/// `localityLbSetting` and `zoneAwareLbSetting`: where traffic goes by region, zone and sub-zone.
enum LocalityValidation {
    private static let topologyLabels: Set<String> = [
        "topology.kubernetes.io/region", "topology.kubernetes.io/zone", "topology.istio.io/subzone",
    ]

    static func check(
        _ locality: LoadBalancerSettings.LocalitySetting, hasOutlierDetection: Bool, at path: FieldPath, _ findings: inout Findings
    ) {
        if !locality.distribute.isEmpty, !locality.failover.isEmpty {
            findings.error(path, "either `distribute` or `failover`, not both", code: .conflict)
        }
        if !locality.failover.isEmpty, let label = locality.failoverPriority.first(where: topologyLabels.contains) {
            findings.error(path.field("failoverPriority"), "`\(label)` cannot stand beside `failover`", code: .conflict)
        }
        var origins: [String] = []
        for (index, entry) in locality.distribute.enumerated() {
            check(entry, origins: &origins, at: path.field("distribute").index(index), &findings)
        }
        checkFailover(
            locality.failover, needsOutlierDetection: !locality.failover.isEmpty || !locality.failoverPriority.isEmpty,
            hasOutlierDetection: hasOutlierDetection, at: path, &findings)
    }

    static func check(zoneAware tree: ManifestValue, hasOutlierDetection: Bool, at path: FieldPath, _ findings: inout Findings) {
        let priority = tree.strings("failoverPriority") ?? []
        for (index, label) in priority.enumerated() where topologyLabels.contains(label) {
            findings.error(path.field("failoverPriority").index(index), "`\(label)` is looked at anyway; leave it out")
        }
        let failover = tree.list("failover") {
            LoadBalancerSettings.LocalityFailover(from: $0.string("from") ?? "", to: $0.string("to") ?? "")
        }
        checkFailover(
            failover, needsOutlierDetection: !failover.isEmpty || !priority.isEmpty, hasOutlierDetection: hasOutlierDetection,
            at: path, &findings)
    }

    private static func check(
        _ entry: LoadBalancerSettings.LocalityDistribution, origins: inout [String], at path: FieldPath, _ findings: inout Findings
    ) {
        let total = entry.to.values.reduce(0) { $0 + min(max($1, 0), 1000) }
        if entry.to.values.contains(where: { $0 <= 0 || $0 > 100 }) { findings.error(path.field("to"), "a weight is 1 … 100") }
        if total != 100 { findings.error(path.field("to"), "the weights add up to \(total), not 100") }
        if origins.contains(where: { overlaps($0, entry.from) }) {
            findings.error(path.field("from"), "`\(entry.from.prefix(60))` overlaps another entry", code: .conflict)
        }
        origins.append(entry.from)
        checkName(entry.from, at: path.field("from"), &findings)
        let targets = entry.to.keys.sorted()
        for (position, name) in targets.enumerated() {
            checkName(name, at: path.field("to").key(name), &findings)
            if targets[..<position].contains(where: { overlaps($0, name) }) {
                findings.error(path.field("to").key(name), "`\(name.prefix(60))` overlaps another locality", code: .conflict)
            }
        }
    }

    private static func checkFailover(
        _ failover: [LoadBalancerSettings.LocalityFailover], needsOutlierDetection: Bool, hasOutlierDetection: Bool,
        at path: FieldPath, _ findings: inout Findings
    ) {
        if needsOutlierDetection, !hasOutlierDetection {
            findings.warning(path, "failover has no effect without `outlierDetection`")
        }
        for (index, entry) in failover.enumerated() {
            let place = path.field("failover").index(index)
            if entry.from == entry.to { findings.error(place, "fails over to where it comes from", code: .conflict) }
            if [entry.from, entry.to].contains(where: { $0.contains("*") || $0.contains("/") }) {
                findings.error(place, "names regions, without zone and wildcard")
            }
        }
    }

    private static func checkName(_ name: String, at path: FieldPath, _ findings: inout Findings) {
        let parts = name.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
        if parts.contains("") {
            findings.error(path, "`\(name.prefix(60))` is not `region/zone/sub-zone`")
        } else if name.count(where: { $0 == "*" }) > 1 || (name.contains("*") && !name.hasSuffix("*")) {
            findings.error(path, "`*` stands once, at the end")
        }
    }

    private static func overlaps(_ left: String, _ right: String) -> Bool {
        for (a, b) in zip(left.split(separator: "/"), right.split(separator: "/")) {
            if a == "*" || b == "*" { return true }
            if a != b { return false }
        }
        return true
    }
}
