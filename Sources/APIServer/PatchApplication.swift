// SPDX-License-Identifier: Apache-2.0
import Foundation
import MeshResources

/// A PATCH request: a JSON merge patch, or Kubernetes' strategic one, which kubectl sends for core kinds.
struct PatchApplication: Sendable {
    private enum Form: Sendable { case merge, strategic }

    private let form: Form
    private let patch: ManifestValue

    init(_ request: APIRequest) throws {
        let type = request.contentType.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces).lowercased()
        switch type {
        case "application/merge-patch+json": form = .merge
        case "application/strategic-merge-patch+json": form = .strategic
        default:
            throw APIFailure(
                415, "UnsupportedMediaType",
                "a patch must be application/merge-patch+json or application/strategic-merge-patch+json, not \(type.prefix(100))")
        }
        patch = try RequestBody.tree(request)
    }

    /// Whether the caller insists on the version that it read.
    var namesVersion: Bool { patch["metadata"]?.string("resourceVersion") != nil }

    func apply(to document: ManifestValue) -> ManifestValue {
        switch form {
        case .merge: MergePatch.apply(patch, to: document)
        case .strategic: StrategicMergePatch.apply(patch, to: document)
        }
    }
}
