// SPDX-License-Identifier: Apache-2.0

/// `targetRefs`: what a policy may be attached to.
enum TargetReferenceValidation {
    private static let targets: Set<[String]> = [
        ["gateway.networking.k8s.io", "Gateway"], ["gateway.networking.k8s.io", "GatewayClass"], ["", "Service"],
        ["core", "Service"], ["networking.istio.io", "ServiceEntry"],
    ]

    static func check(_ references: [PolicyTargetReference], selector: WorkloadLabelSelector?, _ findings: inout Findings) {
        let path = FieldPath("spec.targetRefs")
        if !references.isEmpty, selector != nil {
            findings.error(path, "either `selector` or `targetRefs`, not both", code: .conflict)
        }
        for (index, reference) in references.enumerated() {
            let place = path.index(index)
            if reference.name.isEmpty { findings.error(place.field("name"), "`name` is missing", code: .required) }
            if !targets.contains([reference.group, reference.kind]) {
                findings.error(place, "a policy cannot be attached to `\(reference.group.prefix(60))/\(reference.kind.prefix(60))`")
            }
            if let namespace = reference.namespace, !namespace.isEmpty {
                findings.error(place.field("namespace"), "a target of another namespace is not supported")
            }
        }
    }
}
