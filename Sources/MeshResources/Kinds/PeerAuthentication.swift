// SPDX-License-Identifier: Apache-2.0

/// Whether workloads ask their callers for mutual TLS (`security.istio.io` PeerAuthentication).
package struct PeerAuthentication: Sendable, Hashable {
    package enum Mode: String, Sendable, Hashable, CaseIterable {
        case unset = "UNSET"
        case disable = "DISABLE"
        case permissive = "PERMISSIVE"
        case strict = "STRICT"
    }

    package var selector: WorkloadLabelSelector?
    /// Nil and `unset` inherit.
    package var mode: Mode?
    package var portLevel: [Int: Mode]

    package init(spec: ManifestValue) {
        selector = spec["selector"].map(WorkloadLabelSelector.init)
        mode = spec["mtls"].map { $0.string("mode").flatMap(Mode.init) ?? .unset }
        let ports = (spec["portLevelMtls"]?.members ?? []).compactMap { member in
            Int(member.key).map { ($0, member.value.string("mode").flatMap(Mode.init) ?? .unset) }
        }
        portLevel = Dictionary(ports, uniquingKeysWith: { $1 })
    }
}
