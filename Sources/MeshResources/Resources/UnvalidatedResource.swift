// SPDX-License-Identifier: Apache-2.0

/// A resource as somebody wrote it: its kind is served, nothing else is known to be right.
package struct UnvalidatedResource: Sendable, Hashable {
    package var kind: ResourceKind
    /// The version it was written in; stored as `kind.storageVersion`.
    package var version: String
    package var metadata: ResourceMetadata
    /// The whole document, `apiVersion` to `status`.
    package var tree: ManifestValue

    package init(kind: ResourceKind, version: String, tree: ManifestValue) {
        self.kind = kind
        self.version = version
        self.tree = tree
        metadata = ResourceMetadata(tree["metadata"] ?? ManifestValue(.object([])))
    }

    package var key: ResourceKey { ResourceKey(kind: kind, namespace: metadata.namespace, name: metadata.name) }

    package var spec: ManifestValue { tree["spec"] ?? ManifestValue(.object([])) }
}
