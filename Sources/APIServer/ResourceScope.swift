// SPDX-License-Identifier: Apache-2.0
import MeshResources

/// The collection that a path names: a kind under one of its versions, in one namespace or in all.
package struct ResourceScope: Sendable, Hashable {
    var kind: ResourceKind
    var version: String
    var namespace: String?

    func key(_ name: String) -> ResourceKey { ResourceKey(kind: kind, namespace: namespace ?? "", name: name) }

    /// As the caller sees it: every served version has the same fields.
    func document(_ resource: ValidatedResource) -> ManifestValue {
        var tree = resource.tree
        tree["apiVersion"] = ManifestValue(.string(kind.apiVersion(version)))
        return tree
    }
}
