// SPDX-License-Identifier: Apache-2.0
import Foundation
import Logging
import MeshResources
import MeshTestKit
import ResourceStores
import Testing

@testable import APIServer

/// Watches without sockets.
@Suite struct WatchStreamTests {
    private let store = MemoryStore()

    private var routes: ResourceRoutes { ResourceRoutes(store: store, tokens: nil, logger: Logger(label: "test")) }

    private func watch(_ query: [String: String] = [:]) async throws -> WatchStream {
        let answer = await routes.respond(
            to: APIRequest(
                method: .get, path: "/api/v1/namespaces", query: query.merging(["watch": "true"]) { $1 }, user: "anna"))
        guard case .stream(let stream) = answer.body else { throw NoStream(status: answer.status) }
        return stream
    }

    private struct NoStream: Error { var status: Int }

    private func make(_ name: String) async throws {
        let body = Data("{\"metadata\":{\"name\":\"\(name)\"}}".utf8)
        let answer = await routes.respond(to: APIRequest(method: .post, path: "/api/v1/namespaces", user: "anna", body: body))
        #expect(answer.status == 201)
    }

    @Test(.timeLimit(.minutes(2)))
    func `ten thousand watches at once see a change, end, and are forgotten`() async throws {
        let streams = try await withThrowingTaskGroup(of: WatchStream.self) { group in
            for _ in 0..<10_000 { group.addTask { try await watch() } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(store.watcherCount == 10_000)
        try await make("a")
        let seen = try await withThrowingTaskGroup(of: String?.self) { group in
            for stream in streams {
                group.addTask {
                    let (items, feed) = stream.makeItems()
                    async let _: Void = stream.run(into: feed)
                    var revision = stream.startRevision
                    for await item in items {
                        let line = stream.line(item, revision: &revision)
                        return try line.flatMap { try JSONTreeReader.read($0).string("type") }
                    }
                    return nil
                }
            }
            return try await group.reduce(into: 0) { $0 += $1 == "ADDED" ? 1 : 0 }
        }
        #expect(seen == 10_000)
        try await waitUntil("no watch is left", within: .seconds(20)) { store.watcherCount == 0 }
    }

    @Test func `a watch that asks for it gets the state, then a bookmark that says so`() async throws {
        try await make("a")
        try await make("b")
        let stream = try await watch(["allowWatchBookmarks": "true", "sendInitialEvents": "true"])
        let lines = try stream.opening.map { try JSONTreeReader.read($0) }
        #expect(lines.map { $0.string("type") } == ["ADDED", "ADDED", "BOOKMARK"])
        #expect(lines.last?["object"]?["metadata"]?.string("resourceVersion") == String(store.revision))
        #expect(lines.last?["object"]?["metadata"]?["annotations"]?.string("k8s.io/initial-events-end") == "true")
        var revision = UInt64(77)
        let tick = try stream.line(.tick, revision: &revision).map { try JSONTreeReader.read($0) }
        #expect(tick?["object"]?["metadata"]?.string("resourceVersion") == "77")
        #expect(try await watch().line(.tick, revision: &revision) == nil)
    }

    @Test func `a watch from a revision that is forgotten, or not yet reached, is told to list again`() async throws {
        for name in ["a", "b", "c"] { try await make(name) }
        try await store.compact(through: 2)
        for (revision, status) in [("1", 410), ("1000", 410), ("x", 400)] {
            let answer = await routes.respond(
                to: APIRequest(
                    method: .get, path: "/api/v1/namespaces", query: ["watch": "true", "resourceVersion": revision], user: "anna"))
            #expect(answer.status == status, "\(revision)")
        }
        let stream = try await watch(["resourceVersion": "2"])
        #expect(stream.opening.map { $0 } == [])
    }
}
