// SPDX-License-Identifier: Apache-2.0
import Foundation
import MeshResources
import ResourceStores

extension ResourceRoutes {
    func get(_ request: APIRequest, _ scope: ResourceScope, _ name: String) async throws -> APIResponse {
        guard let resource = try await store.get(scope.key(name)) else { throw APIFailure.notFound(scope.kind, name) }
        guard request.wantsTable else { return .json(scope.document(resource)) }
        return .json(TableOutput(scope.kind).document([resource], version: scope.version, listMetadata: [:], now: now()))
    }

    func list(_ request: APIRequest, _ scope: ResourceScope) async throws -> APIResponse {
        var found = try await store.list(query(request, scope))
        var metadata: ManifestValue = ["resourceVersion": .init(.string(String(found.revision)))]
        if let token = request.query["continue"], !token.isEmpty {
            guard let start = ListContinuation(token: token) else {
                throw APIFailure.badRequest("continue: not a token of this server")
            }
            found.items.removeAll { !start.precedes($0.key) }
        }
        if let limit = try number(request, "limit"), limit > 0, found.items.count > limit {
            metadata["remainingItemCount"] = ManifestValue(.integer(Int64(found.items.count - limit)))
            found.items.removeLast(found.items.count - limit)
            if let last = found.items.last { metadata["continue"] = .init(.string(ListContinuation(after: last.key).token)) }
        }
        if request.wantsTable {
            return .json(
                TableOutput(scope.kind).document(found.items, version: scope.version, listMetadata: metadata, now: now()))
        }
        return .json([
            "apiVersion": .init(.string(scope.kind.apiVersion(scope.version))), "kind": .init(.string(scope.kind.name + "List")),
            "metadata": metadata, "items": .init(.array(found.items.map(scope.document))),
        ])
    }

    func watch(_ request: APIRequest, _ scope: ResourceScope) async throws -> APIResponse {
        let query = try query(request, scope)
        var initial: [ValidatedResource] = []
        let start: UInt64
        switch request.query["resourceVersion"] {
        case nil, "", "0":
            let found = try await store.list(query)
            initial = found.items
            start = found.revision
        case let text?:
            guard let revision = UInt64(text) else {
                throw APIFailure.badRequest("resourceVersion: not a revision: \(text.prefix(40))")
            }
            start = revision
        }
        let timeout = try number(request, "timeoutSeconds").map { min(max($0, 1), 3600) } ?? 1800
        let stream = WatchStream(
            scope: scope, initial: initial, startRevision: start, watch: try await store.watch(query, after: start),
            asTable: request.wantsTable, bookmarks: request.flag("allowWatchBookmarks"),
            marksEndOfInitial: request.flag("sendInitialEvents"), timeout: .seconds(timeout), now: now)
        return APIResponse(body: .stream(stream))
    }

    private func number(_ request: APIRequest, _ name: String) throws -> Int? {
        guard let text = request.query[name], !text.isEmpty else { return nil }
        guard let number = Int(text), number >= 0 else {
            throw APIFailure.badRequest("\(name): not a number: \(text.prefix(40))")
        }
        return number
    }

    func query(_ request: APIRequest, _ scope: ResourceScope) throws -> ResourceQuery {
        var query = ResourceQuery(kind: scope.kind, namespace: scope.namespace)
        if let selector = request.query["labelSelector"], !selector.isEmpty {
            do {
                query.labels = try LabelQuery(parsing: selector)
            } catch {
                throw APIFailure.badRequest("labelSelector: \(error)")
            }
        }
        for part in (request.query["fieldSelector"] ?? "").split(separator: ",") {
            let sides = part.split(separator: "=", maxSplits: 2, omittingEmptySubsequences: true)
            guard sides.count == 2, !part.contains("!=") else {
                throw APIFailure.badRequest("fieldSelector: not of the form FIELD=VALUE")
            }
            switch sides[0] {
            case "metadata.name": query.name = String(sides[1])
            case "metadata.namespace": query.namespace = String(sides[1])
            default:
                throw APIFailure.badRequest(
                    "fieldSelector: \(sides[0].prefix(100)) is not supported; metadata.name and metadata.namespace are")
            }
        }
        return query
    }
}

extension APIRequest {
    /// Server-side columns, as kubectl asks for them.
    var wantsTable: Bool { accept.contains("as=Table") && accept.contains("g=meta.k8s.io") }
}
