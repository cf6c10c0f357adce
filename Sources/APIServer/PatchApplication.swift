// SPDX-License-Identifier: Apache-2.0
import MeshResources

/// A PATCH request: a JSON merge patch, a JSON patch, or Kubernetes' strategic one, which kubectl sends for core kinds.
struct PatchApplication: Sendable {
    private enum Form: Sendable { case merge(ManifestValue), strategic(ManifestValue), edits(JSONPatch) }

    private let form: Form

    init(_ request: APIRequest, kind: ResourceKind) throws {
        switch request.mediaType {
        case "application/merge-patch+json": form = .merge(try Self.object(request))
        case "application/strategic-merge-patch+json":
            // Kubernetes knows merge keys of its own kinds only.
            guard kind.group.isEmpty else {
                throw APIFailure(
                    415, "UnsupportedMediaType",
                    "a strategic merge patch is for core kinds; use a merge patch (kubectl patch --type merge) or a JSON patch")
            }
            form = .strategic(try Self.object(request))
        case "application/json-patch+json": form = .edits(try JSONPatch(RequestBody.json(request.body)))
        case "application/apply-patch+yaml", "application/apply-patch+cbor":
            throw APIFailure(
                415, "UnsupportedMediaType", "server-side apply is not served: use kubectl apply without --server-side")
        default:
            throw APIFailure(
                415, "UnsupportedMediaType",
                "a patch must be application/merge-patch+json, application/json-patch+json or, for core kinds, "
                    + "application/strategic-merge-patch+json, not \(request.mediaType.prefix(100))")
        }
    }

    private static func object(_ request: APIRequest) throws -> ManifestValue {
        let tree = try RequestBody.json(request.body)
        guard tree.isObject else { throw APIFailure.badRequest("the patch must be an object") }
        return tree
    }

    /// Whether the caller insists on the version that it read.
    var namesVersion: Bool {
        switch form {
        case .merge(let patch), .strategic(let patch): patch["metadata"]?.string("resourceVersion") != nil
        case .edits: false
        }
    }

    func apply(to document: ManifestValue) throws -> ManifestValue {
        switch form {
        case .merge(let patch): MergePatch.apply(patch, to: document)
        case .strategic(let patch): StrategicMergePatch.apply(patch, to: document)
        case .edits(let patch): try patch.apply(to: document)
        }
    }
}
