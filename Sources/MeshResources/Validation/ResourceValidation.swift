// SPDX-License-Identifier: Apache-2.0

/// Says whether a resource is right: its schema first, then the rules of its kind.
package enum ResourceValidation {
    package struct Outcome: Sendable {
        /// Nil when there is an error among the diagnostics.
        package var resource: ValidatedResource?
        package var diagnostics: [Diagnostic]

        package var errors: [Diagnostic] { diagnostics.filter(\.isError) }
        package var warnings: [Diagnostic] { diagnostics.filter { !$0.isError } }
    }

    package static func validate(_ resource: UnvalidatedResource) -> Outcome {
        var findings = Findings(tree: resource.tree)
        for diagnostic in SchemaCheck.check(resource.tree, kind: resource.kind) { findings.append(diagnostic) }
        // The rules of the kind read the tree as its schema says; of a misshapen tree they would say the same twice.
        let isWellFormed = !findings.diagnostics.contains { $0.isError && $0.code != .unknownField }
        if isWellFormed {
            MetadataValidation.check(resource, &findings)
            switch ResourceSpecification(kind: resource.kind, spec: resource.spec) {
            case .namespace, .serviceAccount: break
            case .service(let service): KubernetesServiceValidation.check(service, &findings)
            case .virtualService(let service): VirtualServiceValidation.check(service, resource, &findings)
            case .destinationRule(let rule): DestinationRuleValidation.check(rule, resource, &findings)
            case .serviceEntry(let entry): ServiceEntryValidation.check(entry, resource, &findings)
            case .workloadEntry(let entry): WorkloadEntryValidation.check(entry, at: FieldPath("spec"), &findings)
            case .peerAuthentication(let policy): PeerAuthenticationValidation.check(policy, resource, &findings)
            case .authorizationPolicy(let policy): AuthorizationPolicyValidation.check(policy, resource, &findings)
            case .telemetry(let policy): TelemetryValidation.check(policy, resource, &findings)
            }
            InertFields.check(resource, &findings)
        }
        let failed = findings.diagnostics.contains(where: \.isError)
        return Outcome(resource: failed ? nil : ValidatedResource(checked: resource), diagnostics: findings.diagnostics)
    }
}
