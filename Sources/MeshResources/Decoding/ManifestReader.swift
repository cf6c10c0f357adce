// SPDX-License-Identifier: Apache-2.0

/// Files of manifests into resources, each with what is wrong about it. Never throws: every mistake is a finding with its line.
package struct ManifestReader: Sendable {
    /// One document of an input.
    package struct Document: Sendable {
        /// `VirtualService/auth-service`, or `document 3` when that much cannot be read.
        package var name: String
        /// Nil when the document is not a resource of a kind that is served.
        package var resource: UnvalidatedResource?
        /// Set when the document is a resource without an error.
        package var validated: ValidatedResource?
        package var diagnostics: [Diagnostic]

        package var hasErrors: Bool { diagnostics.contains(where: \.isError) }
    }

    package var limits: ManifestLimits
    /// Given to namespaced resources that name none; nil leaves them without.
    package var defaultNamespace: String?

    package init(limits: ManifestLimits = .standard, defaultNamespace: String? = "default") {
        self.limits = limits
        self.defaultNamespace = defaultNamespace
    }

    /// YAML with any number of documents, or JSON. `kind: List` is unpacked; empty documents are skipped.
    package func read(_ bytes: some Collection<UInt8>) -> [Document] {
        guard bytes.count <= limits.inputBytes else {
            return [
                broken(ManifestError(.tooLarge, "\(bytes.count) bytes; at most \(limits.inputBytes) are taken at once"), index: 0)
            ]
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            return [broken(ManifestError(.notText, "not UTF-8 text"), index: 0)]
        }
        return read(text)
    }

    package func read(_ text: String) -> [Document] {
        let (trees, error) = YAMLTreeReader.read(text, limits: limits)
        var documents: [Document] = []
        for tree in trees where !tree.isNull {
            if tree.string("kind") == "List", tree.string("apiVersion") == "v1" {
                for item in tree["items"]?.array ?? [] { documents.append(document(item, index: documents.count)) }
            } else {
                documents.append(document(tree, index: documents.count))
            }
        }
        if let error { documents.append(broken(error, index: documents.count)) }
        return documents
    }

    private func document(_ tree: ManifestValue, index: Int) -> Document {
        switch ResourceDecoder.decode(tree, defaultNamespace: defaultNamespace) {
        case .failure(let refusal):
            return Document(
                name: refusal.name ?? "document \(index + 1)", resource: nil, validated: nil, diagnostics: [refusal.diagnostic])
        case .success(let resource):
            let outcome = ResourceValidation.validate(resource)
            return Document(
                name: "\(resource.kind.name)/\(resource.metadata.name)", resource: resource, validated: outcome.resource,
                diagnostics: outcome.diagnostics)
        }
    }

    private func broken(_ error: ManifestError, index: Int) -> Document {
        Document(name: "document \(index + 1)", resource: nil, validated: nil, diagnostics: [error.diagnostic])
    }
}
