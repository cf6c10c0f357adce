// SPDX-License-Identifier: Apache-2.0

enum DestinationRuleValidation {
    static func check(_ rule: DestinationRule, _ resource: UnvalidatedResource, _ findings: inout Findings) {
        let spec = FieldPath("spec")
        if rule.host.isEmpty {
            findings.error(spec.field("host"), "`host` is missing", code: .required)
        } else if rule.host != "*", !NameSyntax.isWildcardHostname(rule.host) {
            findings.error(spec.field("host"), "`\(rule.host.prefix(100))` is not a host name")
        }
        if let policy = rule.trafficPolicy, let tree = resource.spec["trafficPolicy"] {
            TrafficPolicyValidation.check(policy, tree, at: spec.field("trafficPolicy"), &findings)
        }
        var names: Set<String> = []
        for (index, subset) in rule.subsets.enumerated() {
            let path = spec.field("subsets").index(index)
            if subset.name.isEmpty {
                findings.error(path.field("name"), "`name` is missing", code: .required)
            } else if !NameSyntax.isDNSLabel(subset.name) {
                findings.error(path.field("name"), "`\(subset.name.prefix(100))` is not a subset's name")
            }
            if !names.insert(subset.name).inserted {
                findings.error(path.field("name"), "two subsets are named `\(subset.name.prefix(100))`", code: .conflict)
            }
            MetadataValidation.check(labels: subset.labels, at: path.field("labels"), &findings)
            let tree = resource.spec["subsets"]?.array.flatMap { $0.indices.contains(index) ? $0[index]["trafficPolicy"] : nil }
            if let policy = subset.trafficPolicy, let tree {
                TrafficPolicyValidation.check(policy, tree, at: path.field("trafficPolicy"), &findings)
            }
        }
        MetadataValidation.check(exportTo: rule.exportTo, at: spec.field("exportTo"), &findings)
        MetadataValidation.check(selector: rule.workloadSelector, at: spec.field("workloadSelector"), &findings)
    }
}
