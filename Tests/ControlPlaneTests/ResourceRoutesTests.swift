// SPDX-License-Identifier: Apache-2.0
import APIServer
import Foundation
import Logging
import MeshResources
import ResourceStores
import Testing

/// The resource API without its sockets.
@Suite struct ResourceRoutesTests {
    let store = MemoryStore()
    var routes: ResourceRoutes { ResourceRoutes(store: store, tokens: nil, logger: Logger(label: "test")) }

    private func call(
        _ method: APIRequest.Method, _ path: String, _ body: String = "", query: [String: String] = [:],
        contentType: String = "application/json", user: String? = "anna"
    ) async throws -> (status: Int, tree: ManifestValue, warnings: [String]) {
        let answer = await routes.respond(
            to: APIRequest(method: method, path: path, query: query, contentType: contentType, user: user, body: Data(body.utf8)))
        guard case .data(let data) = answer.body else { return (answer.status, [:], answer.warnings) }
        return (
            answer.status, (try? JSONTreeReader.read(data)) ?? .init(.string(String(decoding: data, as: UTF8.self))),
            answer.warnings
        )
    }

    private func makeNamespace() async throws {
        let made = try await call(.post, "/api/v1/namespaces", #"{"metadata":{"name":"default"}}"#)
        #expect(made.status == 201)
    }

    private static let services = "/apis/networking.istio.io/v1/namespaces/default/virtualservices"
    private static let service =
        #"{"metadata":{"name":"a"},"spec":{"hosts":["a"],"http":[{"route":[{"destination":{"host":"a"}}]}]}}"#

    @Test func `only health and version are anonymous`() async throws {
        for (path, status) in [
            ("/healthz", 200), ("/version", 200), ("/api", 401), ("/apis", 401), (Self.services, 401), ("/debug/syncz", 401),
        ] {
            #expect(try await call(.get, path, user: nil).status == status, "\(path)")
        }
    }

    @Test func `a resource lives under every served version and is stored once`() async throws {
        try await makeNamespace()
        #expect(try await call(.post, Self.services, Self.service).status == 201)
        let old = try await call(.get, "/apis/networking.istio.io/v1alpha3/namespaces/default/virtualservices/a")
        #expect(old.tree.string("apiVersion") == "networking.istio.io/v1alpha3")
        #expect(try await call(.post, Self.services, Self.service).status == 409)
        #expect(try await call(.delete, Self.services + "/a").status == 200)
        #expect(try await call(.get, Self.services + "/a").status == 404)
    }

    @Test func `an unknown field is refused with its path, and nothing is stored`() async throws {
        try await makeNamespace()
        let revision = store.revision
        let body =
            #"{"metadata":{"name":"a"},"spec":{"hosts":["a"],"retries":{"attempts":3},"http":[{"route":[{"destination":{"host":"a"}}]}]}}"#
        let answer = try await call(.post, Self.services, body)
        #expect(answer.status == 422)
        #expect(answer.tree["details"]?["causes"]?.array?.first?.string("field") == "spec.retries")
        #expect(answer.tree.string("message")?.contains("spec.http[]") == true)
        #expect(store.revision == revision)
    }

    @Test func `ten thousand unknown fields are one clear answer`() async throws {
        try await makeNamespace()
        let revision = store.revision
        let fields = (0..<10_000).map { "\"field\($0)\":1" }.joined(separator: ",")
        let answer = try await call(.post, Self.services, "{\"metadata\":{\"name\":\"a\"},\"spec\":{\(fields)}}")
        #expect(answer.status == 422)
        #expect((answer.tree.string("message") ?? "").count < 10_000)
        #expect(store.revision == revision)
    }

    @Test(arguments: [
        ("truncated", #"{"metadata":{"name":"a""#, 400), ("empty", "", 400), ("a list", "[]", 400),
        ("deep", String(repeating: "[", count: 100_000), 400),
        ("another kind", #"{"kind":"Service","metadata":{"name":"a"}}"#, 400),
        ("no name", #"{"spec":{"hosts":["a"]}}"#, 422), ("another namespace", #"{"metadata":{"name":"a","namespace":"b"}}"#, 400),
        ("a version", #"{"metadata":{"name":"a","resourceVersion":"1"}}"#, 400),
    ])
    func `a bad body is refused`(_ name: String, _ body: String, _ status: Int) async throws {
        try await makeNamespace()
        let revision = store.revision
        let answer = try await call(.post, Self.services, body)
        #expect(answer.status == status, "\(name): \(answer.tree)")
        #expect(answer.tree.string("kind") == "Status")
        #expect(store.revision == revision)
    }

    @Test func `what is not served is not found, in a missing namespace nothing is made`() async throws {
        #expect(try await call(.get, "/apis/apps/v1/namespaces/default/deployments").status == 404)
        #expect(try await call(.get, "/apis/networking.istio.io/v2/virtualservices").status == 404)
        let answer = try await call(.post, Self.services, Self.service)
        #expect(answer.status == 404)
        #expect(answer.tree.string("message") == "namespaces \"default\" not found")
        #expect(try await call(.patch, Self.services + "/a", "{}", contentType: "text/plain").status == 415)
    }

    @Test func `a stale version conflicts, a merge patch does not`() async throws {
        try await makeNamespace()
        let made = try await call(.post, Self.services, Self.service)
        let version = made.tree["metadata"]?.string("resourceVersion") ?? ""
        let patched = try await call(
            .patch, Self.services + "/a",
            #"{"metadata":{"labels":{"x":"y"}},"spec":{"http":[{"timeout":"1s","route":[{"destination":{"host":"a"}}]}]}}"#,
            contentType: "application/merge-patch+json")
        #expect(patched.status == 200)
        #expect(patched.tree["metadata"]?["generation"] == 2)
        let stale = Self.service.replacing(#""name":"a""#, with: "\"name\":\"a\",\"resourceVersion\":\"\(version)\"")
        #expect(try await call(.put, Self.services + "/a", stale).status == 409)
        #expect(try await call(.put, Self.services + "/a", Self.service).status == 200)
    }

    @Test func `a dry run checks everything and changes nothing`() async throws {
        try await makeNamespace()
        let revision = store.revision
        #expect(try await call(.post, Self.services, Self.service, query: ["dryRun": "All"]).status == 201)
        #expect(store.revision == revision)
    }

    @Test func `lists come in pages and by selector`() async throws {
        for name in ["a", "b", "c"] {
            #expect(
                try await call(.post, "/api/v1/namespaces", "{\"metadata\":{\"name\":\"\(name)\",\"labels\":{\"n\":\"\(name)\"}}}")
                    .status == 201)
        }
        let first = try await call(.get, "/api/v1/namespaces", query: ["limit": "2"])
        #expect(first.tree["items"]?.array?.count == 2)
        let token = first.tree["metadata"]?.string("continue") ?? ""
        let second = try await call(.get, "/api/v1/namespaces", query: ["limit": "2", "continue": token])
        #expect(second.tree["items"]?.array?.map { $0["metadata"]?.string("name") } == ["c"])
        let selected = try await call(.get, "/api/v1/namespaces", query: ["labelSelector": "n in (a,c)"])
        #expect(selected.tree["items"]?.array?.count == 2)
        let named = try await call(.get, "/api/v1/namespaces", query: ["fieldSelector": "metadata.name=b"])
        #expect(named.tree["items"]?.array?.count == 1)
    }

    @Test func `a page begins after the last, whatever has gone since`() async throws {
        for number in 0..<5 {
            #expect(try await call(.post, "/api/v1/namespaces", "{\"metadata\":{\"name\":\"n\(number)\"}}").status == 201)
        }
        let first = try await call(.get, "/api/v1/namespaces", query: ["limit": "2"])
        #expect(first.tree["metadata"]?["remainingItemCount"] == 3)
        #expect(try await call(.delete, "/api/v1/namespaces/n1").status == 200)
        let token = first.tree["metadata"]?.string("continue") ?? ""
        let second = try await call(.get, "/api/v1/namespaces", query: ["limit": "2", "continue": token])
        #expect(second.tree["items"]?.array?.map { $0["metadata"]?.string("name") } == ["n2", "n3"])
        for query in [
            ["limit": "x"], ["limit": "-1"], ["continue": "x"], ["labelSelector": "a in b"], ["fieldSelector": "spec.x=1"],
        ] {
            #expect(try await call(.get, "/api/v1/namespaces", query: query).status == 400, "\(query)")
        }
        #expect(try await call(.get, "/api/v1/namespaces", query: ["watch": "1", "timeoutSeconds": "soon"]).status == 400)
    }

    @Test func `of writers who read the same version one wins`() async throws {
        try await makeNamespace()
        let made = try await call(.post, Self.services, Self.service)
        let version = made.tree["metadata"]?.string("resourceVersion") ?? ""
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
            for writer in 0..<50 {
                group.addTask {
                    let body = Self.service.replacing(
                        #""name":"a""#, with: "\"name\":\"a\",\"resourceVersion\":\"\(version)\",\"labels\":{\"w\":\"\(writer)\"}")
                    return try await call(.put, Self.services + "/a", body).status
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(statuses.count { $0 == 200 } == 1)
        #expect(statuses.count { $0 == 409 } == 49)
    }

    @Test func `patches that name no version all count`() async throws {
        try await makeNamespace()
        _ = try await call(.post, Self.services, Self.service)
        try await withThrowingTaskGroup(of: Int.self) { group in
            for writer in 0..<8 {
                group.addTask {
                    try await call(
                        .patch, Self.services + "/a", "{\"metadata\":{\"labels\":{\"w\(writer)\":\"x\"}}}",
                        contentType: "application/merge-patch+json"
                    ).status
                }
            }
            for try await status in group { #expect(status == 200) }
        }
        #expect(try await call(.get, Self.services + "/a").tree["metadata"]?["labels"]?.members?.count == 8)
    }

    @Test func `a body may be YAML, and must be whole`() async throws {
        try await makeNamespace()
        let text = "metadata: {name: a}\nspec:\n  hosts: [a]\n  http:\n  - route: [{destination: {host: a}}]\n"
        #expect(try await call(.post, Self.services, text, contentType: "application/yaml").status == 201)
        for (bad, word) in [
            ("metadata: {name: b", "line 2"), ("a: 1\na: 2", "twice"), ("a: 1\n---\nb: 2", "one document"), ("- a", "an object"),
            ("\u{0}", "cannot be read"),
        ] {
            let answer = try await call(.post, Self.services, bad, contentType: "application/yaml")
            #expect(answer.status == 400, "\(bad)")
            #expect(answer.tree.string("message")?.contains(word) == true, "\(answer.tree)")
        }
    }

    @Test(arguments: [
        Data(), Data("k8s".utf8), Data("k8s\u{0}".utf8), Data([0x6b, 0x38, 0x73, 0, 0xff, 0xff, 0xff]),
        Data([0x6b, 0x38, 0x73, 0, 0x12, 0xff, 0xff, 0xff, 0xff, 0x0f]),
        Data([0x6b, 0x38, 0x73, 0, 0x0a, 2, 0x08, 1]), Data([0x6b, 0x38, 0x73, 0, 0x0b]),
    ])
    func `protobuf that is none is refused`(_ body: Data) async throws {
        let answer = await routes.respond(
            to: APIRequest(
                method: .post, path: "/api/v1/namespaces", contentType: "application/vnd.kubernetes.protobuf", user: "anna",
                body: body))
        #expect([400, 415].contains(answer.status), "\(answer.status)")
        #expect(store.revision == 0)
    }
}
