// SPDX-License-Identifier: Apache-2.0

/// Names and labels, the same for every kind.
enum MetadataValidation {
    static func check(_ resource: UnvalidatedResource, _ findings: inout Findings) {
        let path = FieldPath("metadata")
        let name = resource.metadata.name
        if name.isEmpty {
            findings.error(path.field("name"), "`metadata.name` is missing", code: .required)
        } else {
            let isLabel = resource.kind == .namespace || resource.kind == .service
            if isLabel ? !NameSyntax.isDNSLabel(name) : !NameSyntax.isDNSSubdomain(name) {
                findings.error(
                    path.field("name"),
                    "`\(name.prefix(100))` is not a name: lower-case letters, digits and `-`\(isLabel ? "" : " and `.`"), "
                        + "beginning and ending with a letter or digit, \(isLabel ? 63 : 253) at most")
            }
        }
        let namespace = resource.metadata.namespace
        if resource.kind.isNamespaced, !namespace.isEmpty, !NameSyntax.isDNSLabel(namespace) {
            findings.error(path.field("namespace"), "`\(namespace.prefix(100))` is not a namespace's name")
        }
        check(labels: resource.metadata.labels, at: path.field("labels"), &findings)
        for key in resource.metadata.annotations.keys.sorted() where !NameSyntax.isLabelKey(key) {
            findings.error(path.field("annotations").key(key), "`\(key.prefix(100))` is not an annotation key")
        }
        checkDryRun(resource, &findings)
        let bytes = resource.metadata.annotations.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
        if bytes > 256 << 10 {
            findings.error(path.field("annotations"), "annotations have \(bytes) bytes; at most 262144 are taken")
        }
    }

    /// `istio.io/dry-run`: an AuthorizationPolicy that only reports what it would do.
    private static func checkDryRun(_ resource: UnvalidatedResource, _ findings: inout Findings) {
        guard let value = resource.metadata.annotations["istio.io/dry-run"] else { return }
        let path = FieldPath("metadata.annotations").key("istio.io/dry-run")
        guard resource.kind == .authorizationPolicy else {
            return findings.error(path, "only an AuthorizationPolicy can be tried without effect", code: .conflict)
        }
        let action = resource.spec.string("action") ?? "ALLOW"
        if action != "ALLOW", action != "DENY" {
            findings.error(path, "only ALLOW and DENY can be tried without effect, not \(action)", code: .conflict)
        } else if !["1", "t", "T", "true", "TRUE", "True", "0", "f", "F", "false", "FALSE", "False"].contains(value) {
            findings.error(path, "`\(value.prefix(60))` is neither true nor false")
        }
    }

    static func check(labels: [String: String], at path: FieldPath, _ findings: inout Findings) {
        for (key, value) in labels.sorted(by: { $0.key < $1.key }) {
            if !NameSyntax.isLabelKey(key) { findings.error(path.key(key), "`\(key.prefix(100))` is not a label key") }
            if !NameSyntax.isLabelValue(value) {
                findings.error(
                    path.key(key), "`\(value.prefix(100))` is not a label value: 63 letters, digits, `-`, `_`, `.` at most")
            }
        }
    }

    static func check(selector: WorkloadLabelSelector?, at path: FieldPath, _ findings: inout Findings) {
        guard let selector else { return }
        for (key, value) in selector.matchLabels.sorted(by: { $0.key < $1.key }) {
            let place = path.field("matchLabels")
            if key.isEmpty { findings.error(place, "an empty key in the selector") }
            if key.contains("*") || value.contains("*") {
                findings.error(place.key(key), "wildcards are not allowed in a selector: `\(key.prefix(60))=\(value.prefix(60))`")
            }
        }
        if selector.matchLabels.isEmpty {
            findings.warning(path, "a selector without labels selects every workload of the namespace; leave it out to say so")
        }
    }

    static func check(exportTo: [String]?, at path: FieldPath, _ findings: inout Findings) {
        guard let exportTo else { return }
        var seen: Set<String> = []
        for (index, value) in exportTo.enumerated() {
            let place = path.index(index)
            if !["*", ".", "~"].contains(value), !NameSyntax.isDNSLabel(value) {
                findings.error(place, "`\(value.prefix(100))` is not `*`, `.`, `~` or a namespace")
            }
            if !seen.insert(value).inserted { findings.error(place, "`\(value)` is given twice", code: .conflict) }
        }
        if exportTo.count > 1, exportTo.contains("*") || exportTo.contains("~") {
            findings.error(path, "`*` and `~` stand alone", code: .conflict)
        }
    }
}
