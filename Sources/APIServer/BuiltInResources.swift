// SPDX-License-Identifier: Apache-2.0
package import MeshResources

/// Resources that exist without anybody having applied them.
package enum BuiltInResources {
    /// The namespaces of a new mesh; the second is Istio's root namespace.
    package static let namespaces = ["default", "istio-system"]

    package static func namespace(_ name: String) -> ValidatedResource {
        resource(.namespace, ["name": .init(.string(name)), "labels": ["kubernetes.io/metadata.name": .init(.string(name))]])
    }

    package static func serviceAccount(_ name: String, namespace: String) -> ValidatedResource {
        resource(.serviceAccount, ["name": .init(.string(name)), "namespace": .init(.string(namespace))])
    }

    private static func resource(_ kind: ResourceKind, _ metadata: ManifestValue) -> ValidatedResource {
        let tree: ManifestValue = [
            "apiVersion": .init(.string(kind.storageAPIVersion)), "kind": .init(.string(kind.name)), "metadata": metadata,
        ]
        return ValidatedResource(stored: UnvalidatedResource(kind: kind, version: kind.storageVersion, tree: tree))
    }
}
