// SPDX-License-Identifier: Apache-2.0
import Foundation
import MeshResources

/// The body of a request as a resource.
enum RequestBody {
    static func tree(_ request: APIRequest) throws -> ManifestValue {
        let tree: ManifestValue
        switch request.mediaType {
        case "", "application/json": tree = try json(request.body)
        case "application/yaml", "application/x-yaml", "text/yaml": tree = try yaml(request.body)
        case KubernetesProtobuf.mediaType: tree = try KubernetesProtobuf.read(request.body)
        default:
            throw APIFailure(
                415, "UnsupportedMediaType",
                "the body must be application/json, application/yaml or, for core kinds, \(KubernetesProtobuf.mediaType), not "
                    + request.mediaType.prefix(100))
        }
        guard tree.isObject else { throw APIFailure.badRequest("the body must be an object") }
        return tree
    }

    static func json(_ body: Data) throws -> ManifestValue {
        do {
            return try JSONTreeReader.read(body)
        } catch let error as ManifestError {
            throw failure(error)
        }
    }

    private static func yaml(_ body: Data) throws -> ManifestValue {
        guard let text = String(validating: body, as: UTF8.self) else {
            throw APIFailure.badRequest("the body cannot be read: not UTF-8 text")
        }
        let (documents, error) = YAMLTreeReader.read(text, limits: .standard)
        if let error { throw failure(error) }
        guard documents.count == 1 else { throw APIFailure.badRequest("the body must be one document, not \(documents.count)") }
        return documents[0]
    }

    private static func failure(_ error: ManifestError) -> APIFailure {
        if error.code == .tooLarge { return APIFailure(413, "RequestEntityTooLarge", error.message) }
        let place = error.position.map { " (line \($0.line), column \($0.column))" } ?? ""
        return .badRequest("the body cannot be read: \(error.message)\(place)")
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
