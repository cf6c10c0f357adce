// SPDX-License-Identifier: Apache-2.0
import MeshResources

/// Kubernetes' strategic merge patch, as far as the core kinds served here need it: lists of objects are merged by a key.
enum StrategicMergePatch {
    /// Field of a list → the key that tells its elements apart.
    private static let mergeKeys = ["ports": "port", "secrets": "name", "imagePullSecrets": "name", "ownerReferences": "uid"]

    static func apply(_ patch: ManifestValue, to target: ManifestValue) -> ManifestValue {
        guard let changes = patch.members else { return patch }
        if patch.string("$patch") == "replace" { return without(patch, directive: "$patch") }
        var result = target.isObject ? target : [:]
        for change in changes where !change.key.hasPrefix("$") {
            if change.value.isNull {
                result[change.key] = nil
            } else if let key = mergeKeys[change.key], let elements = change.value.array {
                let order = patch["$setElementOrder/\(change.key)"]?.array ?? []
                result[change.key] = merge(elements, into: result[change.key]?.array ?? [], key: key, order: order)
            } else {
                result[change.key] = apply(change.value, to: result[change.key] ?? .null)
            }
        }
        return result
    }

    private static func merge(_ patches: [ManifestValue], into elements: [ManifestValue], key: String, order: [ManifestValue])
        -> ManifestValue
    {
        if patches.contains(where: { $0.string("$patch") == "replace" }) {
            return ManifestValue(.array(patches.filter { $0.string("$patch") == nil }))
        }
        var merged = elements
        for patch in patches {
            let index = merged.firstIndex { $0[key] != nil && $0[key] == patch[key] }
            if patch.string("$patch") == "delete" {
                if let index { merged.remove(at: index) }
            } else if let index {
                merged[index] = apply(patch, to: merged[index])
            } else {
                merged.append(without(patch, directive: "$patch"))
            }
        }
        let wanted = order.compactMap { $0[key] }
        let ordered = wanted.compactMap { value in merged.first { $0[key] == value } }
        return ManifestValue(.array(ordered + merged.filter { element in !wanted.contains { $0 == element[key] } }))
    }

    private static func without(_ tree: ManifestValue, directive: String) -> ManifestValue {
        var tree = tree
        tree[directive] = nil
        return tree
    }
}
