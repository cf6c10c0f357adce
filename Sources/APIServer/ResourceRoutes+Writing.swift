// SPDX-License-Identifier: Apache-2.0
import Foundation
import MeshResources
import ResourceStores

extension ResourceRoutes {
    func create(_ request: APIRequest, _ scope: ResourceScope) async throws -> APIResponse {
        var tree = try RequestBody.tree(request)
        tree["status"] = scope.kind == .namespace ? BuiltInResources.namespaceStatus : nil
        if let version = tree["metadata"]?.string("resourceVersion"), !version.isEmpty {
            throw APIFailure.badRequest("resourceVersion should not be set on objects to be created")
        }
        let (resource, warnings) = try admit(tree, scope, name: nil)
        try await requireNamespace(resource)
        if try isDryRun(request) {
            if try await store.get(resource.key) != nil { throw StoreError(.alreadyExists, resource.key, "already exists") }
            return .json(scope.document(resource), status: 201, warnings: warnings)
        }
        let created = try await store.create(resource, author: author(request))
        if created.kind == .namespace { try await makeDefaultServiceAccount(in: created.metadata.name) }
        return .json(scope.document(created), status: 201, warnings: warnings + (await advice(created)))
    }

    func replace(_ request: APIRequest, _ scope: ResourceScope, _ name: String) async throws -> APIResponse {
        var tree = try RequestBody.tree(request)
        guard let current = try await store.get(scope.key(name)) else { throw APIFailure.notFound(scope.kind, name) }
        tree["status"] = current.tree["status"]
        let (resource, warnings) = try admit(tree, scope, name: name)
        if try isDryRun(request) { return .json(scope.document(resource), warnings: warnings) }
        let stored = try await store.replace(resource, author: author(request))
        return .json(scope.document(stored), warnings: warnings + (await advice(stored)))
    }

    func patch(_ request: APIRequest, _ scope: ResourceScope, _ name: String) async throws -> APIResponse {
        let patch = try PatchApplication(request, kind: scope.kind)
        // A patch that names no version is repeated when somebody else was faster.
        for attempt in 1... {
            guard let current = try await store.get(scope.key(name)) else { throw APIFailure.notFound(scope.kind, name) }
            var tree = try patch.apply(to: scope.document(current))
            tree["status"] = current.tree["status"]
            let (resource, warnings) = try admit(tree, scope, name: name)
            if try isDryRun(request) { return .json(scope.document(resource), warnings: warnings) }
            do {
                let stored = try await store.replace(resource, author: author(request))
                return .json(scope.document(stored), warnings: warnings + (await advice(stored)))
            } catch let error as StoreError where error.code == .conflict && !patch.namesVersion && attempt < 10 {
                continue
            }
        }
        throw APIFailure(409, "Conflict", "too many concurrent changes", kind: scope.kind, name: name)
    }

    func delete(_ request: APIRequest, _ scope: ResourceScope, _ name: String) async throws -> APIResponse {
        let key = scope.key(name)
        let options = request.body.isEmpty ? [:] : try RequestBody.tree(request)
        let precondition = DeletePrecondition(
            resourceVersion: options["preconditions"]?.string("resourceVersion").flatMap(UInt64.init),
            uid: options["preconditions"]?.string("uid"))
        if scope.kind == .namespace, ["default", "istio-system"].contains(name) {
            throw APIFailure(
                403, "Forbidden", "namespaces \"\(name)\" is forbidden: this namespace may not be deleted", kind: .namespace,
                name: name)
        }
        guard let current = try await store.get(key) else { throw APIFailure.notFound(scope.kind, name) }
        if try isDryRun(request) { return .json(deleted(current)) }
        if scope.kind == .namespace {
            for resource in try await store.list(ResourceQuery(namespace: name)).items {
                try await deleteIfThere(resource.key, request)
            }
        }
        return .json(deleted(try await store.delete(key, if: precondition, author: author(request))))
    }

    func deleteCollection(_ request: APIRequest, _ scope: ResourceScope) async throws -> APIResponse {
        guard scope.kind != .namespace else { throw APIFailure(405, "MethodNotAllowed", "namespaces are deleted one by one") }
        let found = try await store.list(query(request, scope))
        if try !isDryRun(request) {
            for resource in found.items { try await deleteIfThere(resource.key, request) }
        }
        return .json([
            "apiVersion": .init(.string(scope.kind.apiVersion(scope.version))), "kind": .init(.string(scope.kind.name + "List")),
            "metadata": ["resourceVersion": .init(.string(String(await store.revision)))],
            "items": .init(.array(found.items.map(scope.document))),
        ])
    }

    /// Checks what was sent, as a whole: nothing is stored of a resource with a mistake.
    private func admit(_ tree: ManifestValue, _ scope: ResourceScope, name: String?) throws -> (ValidatedResource, [String]) {
        var resource = try RequestBody.resource(tree, scope, name: name)
        if scope.kind == .namespace { resource = BuiltInResources.labelled(resource) }
        let outcome = ResourceValidation.validate(resource)
        guard let valid = outcome.resource else { throw APIFailure.invalid(resource, outcome) }
        return (valid, outcome.warnings.map { $0.rendered(file: nil).replacing("warning: ", with: "", maxReplacements: 1) })
    }

    private func requireNamespace(_ resource: ValidatedResource) async throws {
        guard resource.kind.isNamespaced else { return }
        let namespace = resource.key.namespace
        guard try await store.get(ResourceKey(kind: .namespace, namespace: "", name: namespace)) != nil else {
            throw APIFailure.notFound(.namespace, namespace)
        }
    }

    /// As Kubernetes does.
    private func makeDefaultServiceAccount(in namespace: String) async throws {
        do {
            _ = try await store.create(BuiltInResources.serviceAccount("default", namespace: namespace), author: "malla")
        } catch let error as StoreError where error.code == .alreadyExists {}
    }

    private func deleteIfThere(_ key: ResourceKey, _ request: APIRequest) async throws {
        do {
            _ = try await store.delete(key, if: .none, author: author(request))
        } catch let error as StoreError where error.code == .notFound {}
    }

    private func deleted(_ resource: ValidatedResource) -> ManifestValue {
        [
            "kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Success",
            "details": [
                "name": .init(.string(resource.metadata.name)), "group": .init(.string(resource.kind.group)),
                "kind": .init(.string(resource.kind.plural)), "uid": .init(.string(resource.metadata.uid)),
            ],
        ]
    }

    private func author(_ request: APIRequest) -> String { request.user ?? "" }

    private func isDryRun(_ request: APIRequest) throws -> Bool {
        switch request.query["dryRun"] {
        case nil, "": false
        case "All": true
        case let other?: throw APIFailure.badRequest("dryRun: \(other.prefix(40)) is not supported; All is")
        }
    }
}
