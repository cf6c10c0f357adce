// SPDX-License-Identifier: Apache-2.0

enum AuthorizationPolicyValidation {
    /// Keys that `when` may ask for; `request.headers[name]` and the like carry a name in brackets.
    private static let plainKeys: Set<String> = [
        "source.ip", "remote.ip", "source.namespace", "source.principal", "source.serviceAccount", "source.trustDomain",
        "request.auth.principal", "request.auth.audiences",
        "request.auth.presenter", "destination.ip", "destination.port", "connection.sni",
    ]
    private static let namedKeys = ["request.headers", "request.auth.claims", "experimental.envoy.filters."]

    static func check(_ policy: AuthorizationPolicy, _ resource: UnvalidatedResource, _ findings: inout Findings) {
        let spec = FieldPath("spec")
        MetadataValidation.check(selector: policy.selector, at: spec.field("selector"), &findings)
        TargetReferenceValidation.check(policy.targetRefs, selector: policy.selector, &findings)
        if policy.action == .deny, policy.rules.isEmpty {
            findings.error(
                spec.field("rules"), "a DENY policy without rules matches nothing; `rules: [{}]` denies everything", code: .required
            )
        }
        if policy.action == .custom {
            if policy.rules.isEmpty { findings.error(spec.field("rules"), "a CUSTOM policy needs rules", code: .required) }
            if (policy.provider ?? "").isEmpty {
                findings.error(spec.field("provider"), "a CUSTOM policy needs `provider.name`", code: .required)
            }
        } else if resource.spec["provider"] != nil {
            findings.error(spec.field("provider"), "only a CUSTOM policy has a provider", code: .conflict)
        }
        if policy.action == .deny || policy.action == .custom { checkStreams(policy, &findings) }
        let rules = resource.spec["rules"]?.array ?? []
        for (index, rule) in policy.rules.enumerated() where rules.indices.contains(index) {
            check(rule, rules[index], at: spec.field("rules").index(index), &findings)
        }
    }

    /// Over plain TCP there is no method, path or header: such a condition counts as met, and a DENY denies more than it says.
    private static func checkStreams(_ policy: AuthorizationPolicy, _ findings: inout Findings) {
        for (index, rule) in policy.rules.enumerated() {
            let path = FieldPath("spec.rules").index(index)
            if policy.action == .custom { checkCustom(rule, at: path, &findings); continue }
            let sources = rule.from ?? []
            let operations = rule.to ?? []
            let fromIsTCP = sources.contains {
                !($0.principals + $0.notPrincipals + $0.namespaces + $0.notNamespaces + $0.serviceAccounts + $0.notServiceAccounts)
                    .isEmpty
                    || !($0.ipBlocks + $0.notIPBlocks + $0.remoteIPBlocks + $0.notRemoteIPBlocks).isEmpty
            }
            let toIsTCP = operations.contains { !($0.ports + $0.notPorts).isEmpty }
            if (!sources.isEmpty && operations.isEmpty && !fromIsTCP) || (!operations.isEmpty && !toIsTCP) {
                findings.warning(path, "asks only for what HTTP has, so on TCP ports it denies everything; name the ports")
            }
        }
    }

    /// What an external authorizer is asked about is chosen without identities.
    private static func checkCustom(_ rule: AuthorizationPolicy.Rule, at path: FieldPath, _ findings: inout Findings) {
        for (index, source) in (rule.from ?? []).enumerated() {
            let place = path.field("from").index(index).field("source")
            for (field, values) in [
                ("namespaces", source.namespaces + source.notNamespaces), ("principals", source.principals + source.notPrincipals),
                ("serviceAccounts", source.serviceAccounts + source.notServiceAccounts),
                ("trustDomains", source.trustDomains + source.notTrustDomains),
                ("requestPrincipals", source.requestPrincipals + source.notRequestPrincipals),
            ] where !values.isEmpty {
                findings.error(place.field(field), "is not supported with action CUSTOM", code: .conflict)
            }
        }
        let refused: Set = ["source.namespace", "source.serviceAccount", "source.trustDomain", "source.principal"]
        for (index, condition) in rule.when.enumerated()
        where refused.contains(condition.key) || condition.key.hasPrefix("request.auth.") {
            findings.error(
                path.field("when").index(index).field("key"), "`\(condition.key.prefix(60))` is not supported with action CUSTOM",
                code: .conflict)
        }
    }

    private static func check(
        _ rule: AuthorizationPolicy.Rule, _ tree: ManifestValue, at path: FieldPath, _ findings: inout Findings
    ) {
        for (field, inner) in [("from", "source"), ("to", "operation")] {
            guard let entries = tree[field]?.array else { continue }
            if entries.isEmpty {
                findings.error(path.field(field), "is an empty list, which matches nothing; leave it out", code: .required)
            }
            for (index, entry) in entries.enumerated() {
                let place = path.field(field).index(index)
                guard let object = entry[inner], let members = object.members, !members.isEmpty else {
                    findings.error(place, "`\(inner)` is missing or empty", code: .required)
                    continue
                }
                for member in members {
                    let values = member.value.array ?? []
                    if values.isEmpty {
                        findings.error(place.field(inner).field(member.key), "is an empty list; leave it out", code: .required)
                    }
                    for (position, value) in values.enumerated() where (value.string ?? "").isEmpty {
                        findings.error(place.field(inner).field(member.key).index(position), "is empty")
                    }
                }
            }
        }
        for (index, source) in (rule.from ?? []).enumerated() {
            check(source, at: path.field("from").index(index).field("source"), &findings)
        }
        for (index, operation) in (rule.to ?? []).enumerated() {
            check(operation, at: path.field("to").index(index).field("operation"), &findings)
        }
        for (index, condition) in rule.when.enumerated() { check(condition, at: path.field("when").index(index), &findings) }
    }

    private static func check(_ source: AuthorizationPolicy.Source, at path: FieldPath, _ findings: inout Findings) {
        for (field, blocks) in [
            ("ipBlocks", source.ipBlocks), ("notIpBlocks", source.notIPBlocks), ("remoteIpBlocks", source.remoteIPBlocks),
            ("notRemoteIpBlocks", source.notRemoteIPBlocks),
        ] {
            for (index, block) in blocks.enumerated() where !AddressSyntax.isIPOrCIDR(block) {
                findings.error(path.field(field).index(index), "`\(block.prefix(60))` is neither an IP address nor a CIDR block")
            }
        }
        for (field, domains) in [("trustDomains", source.trustDomains), ("notTrustDomains", source.notTrustDomains)] {
            for (index, domain) in domains.enumerated() {
                let inner = domain.dropFirst().dropLast()
                if domain.contains("/") || inner.contains("*") || domain.count(where: { $0 == "*" }) > 1 {
                    findings.error(
                        path.field(field).index(index), "`\(domain.prefix(60))` is not a trust domain, with `*` at one end at most")
                }
            }
        }
        for (field, names) in [("principals", source.principals), ("notPrincipals", source.notPrincipals)] {
            for (index, name) in names.enumerated() {
                if name.hasPrefix("spiffe://") {
                    findings.error(
                        path.field(field).index(index), "principals are written without `spiffe://`",
                        suggestion: "write `\(name.dropFirst(9).prefix(200))`")
                }
            }
        }
        for (field, accounts, others) in [
            ("serviceAccounts", source.serviceAccounts, source.principals + source.namespaces),
            ("notServiceAccounts", source.notServiceAccounts, source.notPrincipals + source.notNamespaces),
        ] {
            guard !accounts.isEmpty else { continue }
            if !(source.principals + source.namespaces + others).isEmpty {
                findings.error(path.field(field), "stands alone: no principals, no namespaces beside it", code: .conflict)
            }
            for (index, account) in accounts.enumerated() {
                let parts = account.split(separator: "/", omittingEmptySubsequences: false)
                if account.contains("*") {
                    findings.error(path.field(field).index(index), "no wildcards here: `\(account.prefix(60))`")
                }
                if parts.count > 2 || parts.contains("") || account.utf8.count > 320 {
                    findings.error(path.field(field).index(index), "`\(account.prefix(60))` is not `name` or `namespace/name`")
                }
            }
            if accounts.count > 16 { findings.error(path.field(field), "at most 16 are taken") }
        }
    }

    private static func check(_ operation: AuthorizationPolicy.Operation, at path: FieldPath, _ findings: inout Findings) {
        for (field, ports) in [("ports", operation.ports), ("notPorts", operation.notPorts)] {
            for (index, port) in ports.enumerated() where !(Int(port).map { (1...65535).contains($0) } ?? false) {
                findings.error(path.field(field).index(index), "`\(port.prefix(30))` is not a port (1 … 65535)")
            }
        }
        for (field, paths) in [("paths", operation.paths), ("notPaths", operation.notPaths)] {
            for (index, template) in paths.enumerated() where template.contains("{") || template.contains("}") {
                if !isTemplate(template) {
                    findings.error(
                        path.field(field).index(index),
                        "`\(template.prefix(60))` is not a path template: `{*}` a segment, `{**}` the rest, once, at the end")
                }
            }
        }
        if operation.methods == ["*"], operation.paths.isEmpty, operation.hosts.isEmpty, operation.ports.isEmpty {
            findings.warning(path.field("methods"), "`*` allows every method: the same as leaving `to` out")
        }
    }

    private static func isTemplate(_ template: String) -> Bool {
        let segments = template.split(separator: "/", omittingEmptySubsequences: false)
        var seenRest = false
        for segment in segments where segment.contains("{") || segment.contains("}") || segment.contains("*") {
            guard segment == "{*}" || segment == "{**}", !seenRest else { return false }
            if segment == "{**}" { seenRest = true }
        }
        return true
    }

    private static func check(_ condition: AuthorizationPolicy.Condition, at path: FieldPath, _ findings: inout Findings) {
        if condition.key.isEmpty {
            findings.error(path.field("key"), "`key` is missing", code: .required)
        } else if !plainKeys.contains(condition.key),
            !namedKeys.contains(where: { condition.key.hasPrefix($0) && condition.key.count > $0.count })
        {
            findings.error(
                path.field("key"),
                "`\(condition.key.prefix(60))` is not a condition that is known: \(plainKeys.sorted().joined(separator: ", ")), request.headers[NAME], request.auth.claims[NAME]"
            )
        }
        if condition.values.isEmpty, condition.notValues.isEmpty {
            findings.error(path, "needs `values` or `notValues`", code: .required)
        }
        for (field, values) in [("values", condition.values), ("notValues", condition.notValues)] {
            for (index, value) in values.enumerated() {
                if value.isEmpty { findings.error(path.field(field).index(index), "is empty") }
                switch condition.key {
                case "source.ip", "remote.ip", "destination.ip":
                    if !AddressSyntax.isIPOrCIDR(value) {
                        findings.error(
                            path.field(field).index(index), "`\(value.prefix(60))` is neither an IP address nor a CIDR block")
                    }
                case "destination.port":
                    if !(Int(value).map { (1...65535).contains($0) } ?? false) {
                        findings.error(path.field(field).index(index), "`\(value.prefix(30))` is not a port (1 … 65535)")
                    }
                default: break
                }
            }
        }
    }
}
