// SPDX-License-Identifier: Apache-2.0

/// A resource that has passed its schema and its kind's rules. Only validation, and reading back what was stored, make one.
package struct ValidatedResource: Sendable, Hashable {
    package var metadata: ResourceMetadata
    package let kind: ResourceKind
    package let specification: ResourceSpecification
    /// As it is stored: in the storage version, with `apiVersion` and `kind`, without what `metadata` holds apart.
    package let tree: ManifestValue

    package var key: ResourceKey { ResourceKey(kind: kind, namespace: metadata.namespace, name: metadata.name) }

    init(checked resource: UnvalidatedResource) {
        var tree = resource.tree
        tree["apiVersion"] = ManifestValue(.string(resource.kind.storageAPIVersion))
        kind = resource.kind
        metadata = resource.metadata
        specification = ResourceSpecification(kind: resource.kind, spec: resource.spec)
        self.tree = tree
    }

    /// What a store hands back. It was validated when it was written, maybe by an older version: what today's rules would
    /// refuse is still readable, and is reported by analysis instead of losing the object.
    package init(stored resource: UnvalidatedResource) { self.init(checked: resource) }
}
