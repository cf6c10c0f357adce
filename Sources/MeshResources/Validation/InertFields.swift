// SPDX-License-Identifier: Apache-2.0

/// Everything that can be written and does nothing yet. A field that begins to act leaves this list and its document.
package enum InertFields {
    package static let all = virtualService + destinationRule + services + authorizationPolicy + telemetry

    static func check(_ resource: UnvalidatedResource, _ findings: inout Findings) {
        for field in all where field.kind == resource.kind {
            for path in field.places(in: resource.tree) {
                findings.warning(path, "accepted, not acted on yet: \(path): \(field.consequence)", code: .notActedOn)
            }
        }
    }

    private static let virtualService: [InertField] = [
        .init(.virtualService, "gateways[]", .allBut("mesh"), "there are no gateways; only `mesh` is bound"),
        .init(.virtualService, "http[].match[].gateways[]", .allBut("mesh"), "there are no gateways; only `mesh` is bound"),
        .init(.virtualService, "http[].match[].statPrefix", "metrics have no name of their own for it"),
        .init(.virtualService, "http[].retries.retryRemoteLocalities", "retries keep to the order of localities"),
        .init(.virtualService, "tls[].match[].gateways[]", .allBut("mesh"), "there are no gateways; only `mesh` is bound"),
        .init(.virtualService, "tls[].match[].destinationSubnets", "there is no original destination; such a match never holds"),
        .init(.virtualService, "tcp[].match[].destinationSubnets", "there is no original destination; such a match never holds"),
        .init(.virtualService, "tcp[].match[].sourceSubnet", "the only source is the application beside the proxy"),
    ]

    private static let destinationRule: [InertField] = [
        "trafficPolicy.", "trafficPolicy.portLevelSettings[].", "subsets[].trafficPolicy.",
        "subsets[].trafficPolicy.portLevelSettings[].",
    ].flatMap { prefix in
        policy.map { InertField(.destinationRule, prefix + $0.path, $0.values, $0.consequence) }
    }

    private static let policy: [(path: String, values: InertField.Values, consequence: String)] = [
        ("loadBalancer.simple", .only("PASSTHROUGH"), "there is no original destination; LEAST_REQUEST is used"),
        ("loadBalancer.warmup", .all, "new endpoints get their full share at once"),
        ("loadBalancer.warmupDurationSecs", .all, "new endpoints get their full share at once"),
        ("loadBalancer.zoneAwareLbSetting", .all, "zones are not weighed"),
        ("loadBalancer.consistentHash.httpCookie.attributes", .all, "the cookie has no attributes"),
        ("outlierDetection.outlierDetectionHttpErrorCodes", .all, "5xx counts as an error, nothing else"),
        ("retryBudget.budgetInterval", .all, "the budget is a share of what is in flight"),
        ("tls.credentialName", .all, "secrets are not read; name files"),
        ("tls.caCrl", .all, "revocation is not looked at"),
        ("tunnel", .all, "connections are made straight to the endpoint"),
    ]

    private static let services: [InertField] = [
        .init(.serviceEntry, "addresses[]", "connections are not intercepted; call it by name"),
        .init(.serviceEntry, "resolution", .only("NONE"), "there is no original destination; the host is resolved by name"),
        .init(.serviceEntry, "resolution", .only("DYNAMIC_DNS"), "a wildcard host leads nowhere"),
        .init(.serviceEntry, "endpoints[].network", "all endpoints are reached straight"),
        .init(.workloadEntry, "network", "all endpoints are reached straight"),
    ]

    private static let noTokens = "no tokens are checked: nobody has a request principal"

    private static let authorizationPolicy: [InertField] = [
        .init(.authorizationPolicy, "targetRef", "there are no gateways and waypoints; the policy holds nowhere"),
        .init(.authorizationPolicy, "targetRefs[]", "there are no gateways and waypoints; the policy holds nowhere"),
        .init(.authorizationPolicy, "action", .only("AUDIT"), "nothing is recorded"),
        .init(
            .authorizationPolicy, "action", .only("CUSTOM"),
            "there is no external authorizer: every request to the selected workloads is refused"),
        .init(.authorizationPolicy, "rules[].from[].source.requestPrincipals", noTokens),
        .init(.authorizationPolicy, "rules[].from[].source.notRequestPrincipals", noTokens),
        .init(.authorizationPolicy, "rules[].when[].key", .starting("request.auth."), noTokens),
        .init(
            .authorizationPolicy, "rules[].when[].key", .starting("experimental."),
            "no such metadata: an ALLOW rule never holds, a DENY rule holds without it"),
    ]

    private static let telemetry: [InertField] = [
        .init(.telemetry, "targetRef", "there are no gateways and waypoints; it holds nowhere"),
        .init(.telemetry, "targetRefs[]", "there are no gateways and waypoints; it holds nowhere"),
        .init(.telemetry, "tracing[]", "no spans are sent"),
        .init(.telemetry, "accessLogging[].filter", "every request is logged"),
        .init(.telemetry, "metrics[].reportingInterval", "Prometheus asks when it likes"),
        .init(.telemetry, "metrics[].overrides[].match.customMetric", "there are only Istio's own metrics"),
        .init(.telemetry, "metrics[].overrides[].tagOverrides", "metrics keep their labels"),
    ]
}
