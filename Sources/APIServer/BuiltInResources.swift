// SPDX-License-Identifier: Apache-2.0
package import MeshResources

/// Resources that exist without anybody having applied them.
package enum BuiltInResources {
    /// The namespaces of a new mesh; the second is Istio's root namespace.
    package static let namespaces = ["default", "istio-system"]

    /// Scripts wait for it.
    static let namespaceStatus: ManifestValue = ["phase": "Active"]

    package static func namespace(_ name: String) -> ValidatedResource {
        resource(
            .namespace, ["name": .init(.string(name)), "labels": ["kubernetes.io/metadata.name": .init(.string(name))]],
            status: namespaceStatus)
    }

    /// With the label that every namespace has, by which selectors name it.
    static func labelled(_ namespace: UnvalidatedResource) -> UnvalidatedResource {
        var tree = namespace.tree
        guard var metadata = tree["metadata"], metadata["labels"]?.isObject ?? true else { return namespace }
        var labels = metadata["labels"] ?? [:]
        labels["kubernetes.io/metadata.name"] = metadata["name"]
        metadata["labels"] = labels
        tree["metadata"] = metadata
        return UnvalidatedResource(kind: namespace.kind, version: namespace.version, tree: tree)
    }

    package static func serviceAccount(_ name: String, namespace: String) -> ValidatedResource {
        resource(.serviceAccount, ["name": .init(.string(name)), "namespace": .init(.string(namespace))])
    }

    private static func resource(_ kind: ResourceKind, _ metadata: ManifestValue, status: ManifestValue? = nil) -> ValidatedResource
    {
        var tree: ManifestValue = [
            "apiVersion": .init(.string(kind.storageAPIVersion)), "kind": .init(.string(kind.name)), "metadata": metadata,
        ]
        tree["status"] = status
        return ValidatedResource(stored: UnvalidatedResource(kind: kind, version: kind.storageVersion, tree: tree))
    }
}
