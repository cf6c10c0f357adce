// SPDX-License-Identifier: Apache-2.0
import Analysis
import MeshResources

/// The resources that are analyzed together. Of two with one name the later counts: a file over the running mesh.
struct AnalysisSubject: Sendable {
    private struct Source: Sendable {
        var resource: ValidatedResource
        var tree: ManifestValue
        var file: String?
    }

    private var sources: [ResourceKey: Source] = [:]
    private var schema: [ReportedFinding] = []

    var isEmpty: Bool { sources.isEmpty && schema.isEmpty }

    static func origin(of key: ResourceKey) -> String { Finding(.schemaWarning, key, "").origin }

    mutating func add(_ resource: UnvalidatedResource) {
        note(ResourceValidation.validate(resource).diagnostics, resource, file: nil)
        sources[resource.key] = Source(resource: ValidatedResource(stored: resource), tree: resource.tree)
    }

    mutating func add(_ input: ManifestInput) {
        for document in input.documents {
            note(document.diagnostics, document.resource, file: input.name)
            guard let resource = document.resource, let valid = document.validated else { continue }
            sources[resource.key] = Source(resource: valid, tree: resource.tree, file: input.name)
        }
    }

    /// Errors first, as istioctl sorts them.
    func findings() -> [ReportedFinding] {
        let found = MeshAnalysis(sources.values.map(\.resource)).findings().map { finding -> ReportedFinding in
            let source = sources[finding.resource]
            let line = source?.tree.position(nearest: FieldPath(finding.path))?.line
            return ReportedFinding(
                code: finding.code, origin: finding.origin, namespace: finding.resource.namespace,
                reference: source?.file.map { file in line.map { "\(file):\($0)" } ?? file }, message: finding.message)
        }
        let all = schema + found
        return [Finding.Severity.error, .warning, .info].flatMap { severity in all.filter { $0.severity == severity } }
    }

    /// A kind that we do not serve is none of our business here.
    private mutating func note(_ diagnostics: [Diagnostic], _ resource: UnvalidatedResource?, file: String?) {
        for diagnostic in diagnostics where diagnostic.code != .notServed {
            let key = resource?.key
            schema.append(
                ReportedFinding(
                    code: diagnostic.isError ? .schemaValidationError : .schemaWarning,
                    origin: key.map(Self.origin) ?? "", namespace: key?.namespace ?? "",
                    reference: file.map { name in diagnostic.position.map { "\(name):\($0.line)" } ?? name },
                    message: "Schema validation \(diagnostic.severity.rawValue): \(diagnostic.message)"))
        }
    }
}
