// SPDX-License-Identifier: Apache-2.0

/// A resource that a policy names as its target (`targetRefs`).
package struct PolicyTargetReference: Sendable, Hashable {
    package var group: String
    package var kind: String
    package var name: String
    package var namespace: String?

    package init(_ tree: ManifestValue) {
        group = tree.string("group") ?? ""
        kind = tree.string("kind") ?? ""
        name = tree.string("name") ?? ""
        namespace = tree.string("namespace")
    }

    static func list(_ spec: ManifestValue) -> [PolicyTargetReference] {
        spec.list("targetRefs", PolicyTargetReference.init) + (spec["targetRef"].map { [PolicyTargetReference($0)] } ?? [])
    }
}
