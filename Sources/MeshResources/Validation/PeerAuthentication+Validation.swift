// SPDX-License-Identifier: Apache-2.0

enum PeerAuthenticationValidation {
    static func check(_ policy: PeerAuthentication, _ resource: UnvalidatedResource, _ findings: inout Findings) {
        let spec = FieldPath("spec")
        MetadataValidation.check(selector: policy.selector, at: spec.field("selector"), &findings)
        if resource.spec["portLevelMtls"] != nil {
            let path = spec.field("portLevelMtls")
            if policy.selector?.matchLabels.isEmpty ?? true {
                findings.error(
                    path, "ports can only be set together with a selector", code: .conflict,
                    suggestion: "add `spec.selector.matchLabels`")
            }
            let members = resource.spec["portLevelMtls"]?.members ?? []
            if members.isEmpty { findings.error(path, "is empty; leave it out") }
            for member in members {
                guard let port = Int(member.key), (1...65535).contains(port) else {
                    findings.error(path.key(member.key), "`\(member.key.prefix(60))` is not a port (1 … 65535)")
                    continue
                }
            }
        }
    }
}
