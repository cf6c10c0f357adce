// SPDX-License-Identifier: Apache-2.0

enum TelemetryValidation {
    static func check(_ policy: TelemetryPolicy, _ resource: UnvalidatedResource, _ findings: inout Findings) {
        let spec = FieldPath("spec")
        MetadataValidation.check(selector: policy.selector, at: spec.field("selector"), &findings)
        TargetReferenceValidation.check(policy.targetRefs, selector: policy.selector, &findings)
        if policy.tracing.count > 1 { findings.warning(spec.field("tracing"), "only one entry is used") }
        checkProviders(resource.spec, &findings)
        for (index, tracing) in policy.tracing.enumerated() {
            let path = spec.field("tracing").index(index)
            if tracing.providers.count > 1 { findings.warning(path.field("providers"), "only one provider is used for tracing") }
            if let share = tracing.randomSamplingPercentage, !(0...100).contains(share) {
                findings.error(path.field("randomSamplingPercentage"), "\(share) is not a percentage (0 … 100)")
            }
            if let share = tracing.randomSamplingPercentage, share >= 100 {
                findings.warning(
                    path.field("randomSamplingPercentage"), "records every request; 1 to 5 is usual in production")
            }
            checkTags(resource.spec["tracing"]?.array, index, path, &findings)
        }
        for (index, metrics) in policy.metrics.enumerated() {
            for (position, change) in metrics.overrides.enumerated() {
                let path = spec.field("metrics").index(index).field("overrides").index(position)
                if let name = change.customMetric, name.isEmpty { findings.error(path.field("match"), "`customMetric` is empty") }
                checkOverrides(resource.spec["metrics"]?.array, index, position, path, &findings)
            }
        }
        for (index, logging) in policy.accessLogging.enumerated() {
            if let filter = logging.filterExpression, let problem = ExpressionSyntax.problem(filter) {
                findings.error(spec.field("accessLogging").index(index).field("filter.expression"), problem)
            }
        }
    }

    private static func checkProviders(_ spec: ManifestValue, _ findings: inout Findings) {
        for section in ["tracing", "metrics", "accessLogging"] {
            for (index, entry) in (spec[section]?.array ?? []).enumerated() {
                for (position, provider) in (entry["providers"]?.array ?? []).enumerated()
                where (provider.string("name") ?? "").isEmpty {
                    let path = FieldPath("spec").field(section).index(index).field("providers").index(position)
                    findings.error(path.field("name"), "`name` is missing", code: .required)
                }
            }
        }
    }

    private static func checkTags(_ list: [ManifestValue]?, _ index: Int, _ path: FieldPath, _ findings: inout Findings) {
        guard let list, list.indices.contains(index) else { return }
        for tag in list[index]["customTags"]?.members ?? [] {
            let place = path.field("customTags").key(tag.key)
            if tag.key.isEmpty { findings.error(place, "a tag needs a name") }
            let kinds = ["literal", "environment", "header", "formatter"].filter { tag.value[$0] != nil }
            if kinds.count != 1 { findings.error(place, "needs one of literal, environment, header, formatter", code: .required) }
            if tag.value["literal"] != nil, (tag.value["literal"]?.string("value") ?? "").isEmpty {
                findings.error(place.field("literal"), "`value` is missing", code: .required)
            }
            for kind in ["environment", "header"] where tag.value[kind] != nil {
                if (tag.value[kind]?.string("name") ?? "").isEmpty {
                    findings.error(place.field(kind), "`name` is missing", code: .required)
                }
            }
        }
    }

    private static func checkOverrides(
        _ list: [ManifestValue]?, _ index: Int, _ position: Int, _ path: FieldPath, _ findings: inout Findings
    ) {
        guard let list, list.indices.contains(index), let changes = list[index]["overrides"]?.array,
            changes.indices.contains(position)
        else { return }
        for tag in changes[position]["tagOverrides"]?.members ?? [] {
            let removes = tag.value.string("operation") == "REMOVE"
            let value = tag.value.string("value") ?? ""
            if removes, !value.isEmpty {
                findings.error(path.field("tagOverrides").key(tag.key), "a removed tag has no value", code: .conflict)
            }
            if !removes, value.isEmpty {
                findings.error(path.field("tagOverrides").key(tag.key), "`value` is missing", code: .required)
            }
        }
    }
}
