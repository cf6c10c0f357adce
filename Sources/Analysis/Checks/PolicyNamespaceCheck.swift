// SPDX-License-Identifier: Apache-2.0
import MeshResources

/// Namespaces that authorization rules name and that do not exist.
struct PolicyNamespaceCheck {
    var mesh: AnalyzedMesh

    func findings() -> [Finding] {
        let known = mesh.namespaces
        return mesh.resources.flatMap { resource -> [Finding] in
            guard case .authorizationPolicy(let policy) = resource.specification else { return [] }
            return policy.rules.enumerated().flatMap { index, rule in
                (rule.from ?? []).enumerated().flatMap { position, source in
                    let path = "spec.rules[\(index)].from[\(position)].source"
                    return missing(source.namespaces, path + ".namespaces", known, resource.key)
                        + missing(source.notNamespaces, path + ".notNamespaces", known, resource.key)
                }
            }
        }
    }

    private func missing(_ names: [String], _ path: String, _ known: [String], _ key: ResourceKey) -> [Finding] {
        names.enumerated().compactMap { index, name in
            guard !known.contains(where: { Self.matches(name, $0) }) else { return nil }
            return Finding(
                .referencedResourceNotFound, key, path: "\(path)[\(index)]", "Referenced namespace not found: \"\(name)\"")
        }
    }

    private static func matches(_ pattern: String, _ name: String) -> Bool {
        if pattern == "*" { return true }
        if pattern.hasPrefix("*") { return name.hasSuffix(pattern.dropFirst()) }
        if pattern.hasSuffix("*") { return name.hasPrefix(pattern.dropLast()) }
        return pattern.lowercased() == name.lowercased()
    }
}
