// SPDX-License-Identifier: Apache-2.0
import Foundation
import MeshResources

/// The body of a request as a resource.
enum RequestBody {
    static func tree(_ request: APIRequest) throws -> ManifestValue {
        let type = request.contentType.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces).lowercased()
        switch type {
        case "", "application/json", "application/merge-patch+json", "application/strategic-merge-patch+json": break
        default:
            throw APIFailure(415, "UnsupportedMediaType", "the body must be application/json, not \(type.prefix(100))")
        }
        do {
            let tree = try JSONTreeReader.read(request.body)
            guard tree.isObject else { throw APIFailure.badRequest("the body must be a JSON object") }
            return tree
        } catch let error as ManifestError {
            if error.code == .tooLarge { throw APIFailure(413, "RequestEntityTooLarge", error.message) }
            throw APIFailure.badRequest("the body cannot be read: \(error.message)")
        }
    }

    /// What was sent must be what the path says; name and namespace are filled in from it.
    static func resource(_ tree: ManifestValue, _ scope: ResourceScope, name: String?) throws -> UnvalidatedResource {
        var tree = tree
        let kind = scope.kind
        let apiVersion = kind.apiVersion(scope.version)
        for (field, expected) in [("apiVersion", apiVersion), ("kind", kind.name)] {
            if tree[field] == nil { tree[field] = ManifestValue(.string(expected)) }
            guard tree.string(field) == expected else {
                throw APIFailure.badRequest(
                    "\(field) of the body is \(tree.string(field)?.prefix(100) ?? "not a string"), the path says \(expected)")
            }
        }
        var metadata = tree["metadata"] ?? [:]
        guard metadata.isObject else { throw APIFailure.badRequest("metadata must be an object") }
        if let name {
            if let own = metadata.string("name"), own != name {
                throw APIFailure.badRequest(
                    "the name of the object (\(own.prefix(100))) does not match the name on the URL (\(name.prefix(100)))")
            }
            metadata["name"] = ManifestValue(.string(name))
        }
        if kind.isNamespaced {
            guard let namespace = scope.namespace ?? metadata.string("namespace") else {
                throw APIFailure.badRequest("metadata.namespace is missing")
            }
            if let own = metadata.string("namespace"), own != namespace {
                throw APIFailure.badRequest(
                    "the namespace of the object (\(own.prefix(100))) does not match the namespace on the request (\(namespace.prefix(100)))"
                )
            }
            metadata["namespace"] = ManifestValue(.string(namespace))
        }
        if let version = metadata.string("resourceVersion"), !version.isEmpty, UInt64(version) == nil {
            throw APIFailure.badRequest("metadata.resourceVersion: not a revision: \(version.prefix(40))")
        }
        tree["metadata"] = metadata
        return UnvalidatedResource(kind: kind, version: scope.version, tree: tree)
    }
}
