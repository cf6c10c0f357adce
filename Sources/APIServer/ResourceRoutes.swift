// SPDX-License-Identifier: Apache-2.0
package import Foundation
package import Logging
package import MeshResources
package import ResourceStores

/// The resource API: what each path and method does. Pure but for the store it is given.
package struct ResourceRoutes: Sendable {
    let store: any ResourceStore
    let tokens: (any JoinTokenSource)?
    /// What lies under `/debug/`, by name.
    let debug: [String: @Sendable () async -> ManifestValue]
    /// What the mesh has to say about a resource that was just written; becomes warnings.
    let advice: @Sendable (ValidatedResource) async -> [String]
    let now: @Sendable () -> Date
    let logger: Logger

    package init(
        store: any ResourceStore, tokens: (any JoinTokenSource)?, debug: [String: @Sendable () async -> ManifestValue] = [:],
        advice: @escaping @Sendable (ValidatedResource) async -> [String] = { _ in [] },
        now: @escaping @Sendable () -> Date = { Date() }, logger: Logger
    ) {
        self.store = store
        self.tokens = tokens
        self.debug = debug
        self.advice = advice
        self.now = now
        self.logger = logger
    }

    /// Never throws: every failure is a `Status`.
    package func respond(to request: APIRequest) async -> APIResponse {
        do {
            return try await answer(request)
        } catch let failure as APIFailure {
            return failure.response
        } catch let error as StoreError {
            return APIFailure(error).response
        } catch is CancellationError {
            return APIFailure(503, "ServiceUnavailable", "the server is stopping").response
        } catch {
            logger.error("request failed", metadata: ["path": "\(request.path)", "error": "\(error)"])
            return APIFailure(500, "InternalError", "\(error)").response
        }
    }

    private func answer(_ request: APIRequest) async throws -> APIResponse {
        let path = APIPath(request.path)
        guard path.isAnonymous || request.user != nil else {
            throw APIFailure(401, "Unauthorized", "Unauthorized: the kubeconfig that `malla up` wrote holds the credential")
        }
        switch path {
        case .health: return .text("ok")
        case .index, .version, .coreVersions, .groups, .group, .resources:
            guard request.method == .get, let document = Discovery.document(path) else { throw methodNotAllowed(request) }
            return .json(document)
        case .openAPIIndex: return .json(OpenAPIDocument.index)
        case .openAPI2: return OpenAPI2Document.response(accept: request.accept)
        case .openAPI(let group, let version): return .json(OpenAPIDocument.document(group: group, version: version))
        case .collection(let kind, let version, let namespace):
            return try await collection(request, ResourceScope(kind: kind, version: version, namespace: namespace))
        case .object(let kind, let version, let namespace, let name):
            return try await object(
                request, ResourceScope(kind: kind, version: version, namespace: kind.isNamespaced ? namespace : nil), name)
        case .token(let namespace, let serviceAccount):
            guard request.method == .post else { throw methodNotAllowed(request) }
            return try await token(request, namespace: namespace, serviceAccount: serviceAccount)
        case .debug(let name):
            guard let source = debug[name] else { throw APIFailure.noSuchPath(request.path) }
            return .json(await source())
        case .unknown: throw APIFailure.noSuchPath(request.path)
        }
    }

    private func collection(_ request: APIRequest, _ scope: ResourceScope) async throws -> APIResponse {
        switch request.method {
        case .get where request.flag("watch"): try await watch(request, scope)
        case .get: try await list(request, scope)
        case .post: try await create(request, scope)
        case .delete: try await deleteCollection(request, scope)
        case .put, .patch: throw methodNotAllowed(request)
        }
    }

    private func object(_ request: APIRequest, _ scope: ResourceScope, _ name: String) async throws -> APIResponse {
        switch request.method {
        case .get: try await get(request, scope, name)
        case .put: try await replace(request, scope, name)
        case .patch: try await patch(request, scope, name)
        case .delete: try await delete(request, scope, name)
        case .post: throw methodNotAllowed(request)
        }
    }

    private func methodNotAllowed(_ request: APIRequest) -> APIFailure {
        APIFailure(405, "MethodNotAllowed", "\(request.method.rawValue) is not allowed on \(request.path.prefix(300))")
    }
}
