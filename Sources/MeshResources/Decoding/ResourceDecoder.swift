// SPDX-License-Identifier: Apache-2.0

/// A tree into a resource of a served kind, nothing checked beyond that.
package enum ResourceDecoder {
    /// A document that is no resource of ours.
    package struct Refusal: Error, Sendable, Hashable {
        /// `Deployment/auth-service`, where that much can be read.
        package var name: String?
        package var diagnostic: Diagnostic
    }

    package static func decode(_ tree: ManifestValue, defaultNamespace: String?) -> Result<UnvalidatedResource, Refusal> {
        func refuse(
            _ code: Diagnostic.Code, path: String, _ message: String, suggestion: String? = nil, at position: SourcePosition?
        )
            -> Result<UnvalidatedResource, Refusal>
        {
            let name = tree.string("kind").map { "\($0)/\(tree["metadata"]?.string("name") ?? "")" }
            return .failure(
                Refusal(
                    name: name,
                    diagnostic: Diagnostic(.error, code, path: path, message, suggestion: suggestion, position: position)))
        }
        guard tree.isObject else {
            return refuse(.wrongType, path: "", "a resource must be an object, not \(tree.shortDescription)", at: tree.position)
        }
        guard let kindName = tree.string("kind"), !kindName.isEmpty else {
            return refuse(.required, path: "kind", "`kind` is missing: this is not a Kubernetes resource", at: tree.position)
        }
        guard let apiVersion = tree.string("apiVersion"), !apiVersion.isEmpty else {
            return refuse(.required, path: "apiVersion", "`apiVersion` is missing", at: tree.position)
        }
        let served = ResourceKind.allCases.map(\.name).sorted().joined(separator: ", ")
        guard let kind = ResourceKind(apiVersion: apiVersion, kind: kindName) else {
            if let known = ResourceKind(rawValue: kindName) {
                let versions = known.servedVersions.map(known.apiVersion).joined(separator: ", ")
                return refuse(
                    .notServed, path: "apiVersion", "\(kindName) is not served as `\(apiVersion.prefix(100))`, but as \(versions)",
                    suggestion: "write `apiVersion: \(known.storageAPIVersion)`", at: tree["apiVersion"]?.position)
            }
            return refuse(
                .notServed, path: "kind",
                "no kind `\(kindName.prefix(100))` in `\(apiVersion.prefix(100))`; served kinds: \(served)",
                at: tree["kind"]?.position)
        }
        var tree = tree
        if kind.isNamespaced, let defaultNamespace, var metadata = tree["metadata"], metadata.isObject, metadata["namespace"] == nil
        {
            metadata["namespace"] = ManifestValue(.string(defaultNamespace))
            tree["metadata"] = metadata
        }
        let version = apiVersion.split(separator: "/").last.map(String.init) ?? apiVersion
        return .success(UnvalidatedResource(kind: kind, version: version, tree: tree))
    }
}
