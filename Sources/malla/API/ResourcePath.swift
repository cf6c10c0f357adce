// SPDX-License-Identifier: Apache-2.0
import Foundation
import MeshResources

/// Paths of resources in the API.
enum ResourcePath {
    /// Namespace nil: every namespace.
    static func collection(_ kind: ResourceKind, namespace: String?) -> String {
        let root = kind.group.isEmpty ? "/api/\(kind.storageVersion)" : "/apis/\(kind.group)/\(kind.storageVersion)"
        guard kind.isNamespaced, let namespace else { return "\(root)/\(kind.plural)" }
        return "\(root)/namespaces/\(escaped(namespace))/\(kind.plural)"
    }

    static func object(_ key: ResourceKey) -> String {
        collection(key.kind, namespace: key.kind.isNamespaced ? key.namespace : nil) + "/" + escaped(key.name)
    }

    private static func escaped(_ text: String) -> String {
        var allowed = CharacterSet.alphanumerics
        allowed.insert(charactersIn: "-._~")
        return text.addingPercentEncoding(withAllowedCharacters: allowed) ?? ""
    }
}
