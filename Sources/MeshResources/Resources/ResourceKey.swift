// SPDX-License-Identifier: Apache-2.0

/// What names one resource. `namespace` is empty for a kind without namespaces.
package struct ResourceKey: Sendable, Hashable, Comparable, CustomStringConvertible {
    package var kind: ResourceKind
    package var namespace: String
    package var name: String

    package init(kind: ResourceKind, namespace: String, name: String) {
        self.kind = kind
        self.namespace = kind.isNamespaced ? namespace : ""
        self.name = name
    }

    package var description: String {
        namespace.isEmpty ? "\(kind.qualifiedSingular)/\(name)" : "\(kind.qualifiedSingular)/\(namespace)/\(name)"
    }

    package static func < (left: ResourceKey, right: ResourceKey) -> Bool {
        (left.kind.rawValue, left.namespace, left.name) < (right.kind.rawValue, right.namespace, right.name)
    }
}
