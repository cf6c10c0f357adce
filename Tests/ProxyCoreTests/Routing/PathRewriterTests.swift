// SPDX-License-Identifier: Apache-2.0

import HTTP1
import Observability
import ProxyModel
import Testing

@testable import ProxyCore

@Suite struct PathRewriterTests {
    private func compiled(_ match: RouteMatch.Path, _ action: RouteAction) throws -> CompiledRoute {
        try CompiledRoute(
            Route(match: RouteMatch(path: match), action: action),
            RouteSurroundings(
                host: VirtualHost(name: "h", domains: ["*"], routes: []), table: RouteTable(name: "t"), filters: nil, levels: [],
                rateLimits: try CompiledRateLimitRules([]), stats: StatRegistry()))
    }

    @Test(arguments: [
        (RouteMatch.Path.prefix("/api"), ForwardAction.PathRewrite.prefix("/v2"), "/api/x?q=1", "/v2/x?q=1"),
        (.prefix("/api/"), .prefix("/"), "/api/x", "/x"), (.exact("/old"), .prefix("/new"), "/old?q", "/new?q"),
        (.regex("/.*"), .prefix("/all"), "/anything?q=1", "/all?q=1"),
        (
            .prefix("/"), .regex(pattern: "^/service/([^/]+)(/.*)$", substitution: "\\2/instance/\\1"), "/service/foo/v1?x=/",
            "/v1/instance/foo?x=/"
        ),
    ])
    func `a path is rewritten and the query kept`(
        match: RouteMatch.Path, rewrite: ForwardAction.PathRewrite, target: String, expected: String
    ) throws {
        let action = ForwardAction(clusters: .single("c"), pathRewrite: rewrite)
        let route = try compiled(match, .forward(action))
        #expect(PathRewriter.rewritten(RequestHead(target: target, authority: "a"), route: route, action: action) == expected)
    }

    @Test(arguments: [
        (RedirectAction(host: "other"), "a:8080", "http://other/p?q"),
        (RedirectAction(scheme: .https), "a:80", "https://a/p?q"),
        (RedirectAction(port: 443, scheme: .https), "a:8080", "https://a/p?q"),
        (RedirectAction(path: .full("/new")), "a", "http://a/new?q"),
        (RedirectAction(path: .prefix("/pre")), "a", "http://a/prep?q"),
        (RedirectAction(path: .full("/new"), stripsQuery: true), "a", "http://a/new"),
        (RedirectAction(path: .full("/new?z"), stripsQuery: true), "a", "http://a/new?z"),
        (RedirectAction(port: 81), "[::1]", "http://[::1]:81/p?q"),
    ])
    func `a redirect names the new place`(action: RedirectAction, authority: String, expected: String) throws {
        let route = try compiled(.prefix("/"), .redirect(action))
        let location = PathRewriter.location(
            RequestHead(target: "/p?q", authority: authority), route: route, action: action, isSecure: false)
        #expect(location == expected)
    }

    @Test(arguments: [
        ("/a/b", PathNormalization.Outcome.unchanged), ("/a/../b", .changed("/b")), ("/a/./b/", .changed("/a/b/")),
        ("/..", .changed("/")), ("/../a", .changed("/a")),
        ("/a/..", .changed("/")), ("/%61dmin", .changed("/admin")), ("/%2e%2e/x", .changed("/x")), ("/a%2fb", .unchanged),
        ("/%41%5c", .changed("/A%5c")),
        ("/a|\"<>{}^`b", .changed("/a%7C%22%3C%3E%7B%7D%5E%60b")), ("/a?b|c", .unchanged),
        ("/a%00", .refused),
        ("/a\\..\\b", .changed("/b")), ("/a//b", .unchanged), ("/a%zz", .unchanged), ("/x/../y?p=/../z", .changed("/y?p=/../z")),
        ("*", .unchanged),
    ])
    func `a path is normalised as Istio does`(target: String, expected: PathNormalization.Outcome) {
        #expect(PathNormalization.normalize(RequestHead(target: target, authority: "a"), mergesSlashes: false) == expected)
    }

    @Test func `slashes are merged where asked for`() {
        #expect(
            PathNormalization.normalize(RequestHead(target: "/a///b//", authority: "a"), mergesSlashes: true) == .changed("/a/b/"))
        #expect(
            PathNormalization.normalize(RequestHead(target: "/a//../b", authority: "a"), mergesSlashes: true) == .changed("/a/b"),
            "dots first, as Envoy")
    }

    @Test func `header edits know their modes and commands`() {
        var head = RequestHead(authority: "a", headers: [("x-a", "1"), ("x-gone", "1")])
        let editor = HeaderEditor(
            HeaderMutations(
                edits: [
                    .init(name: "x-a", value: "2", mode: .append), .init(name: "x-b", value: "%PEER%-100%%", mode: .overwrite),
                    .init(name: "x-a", value: "3", mode: .addIfAbsent), .init(name: "x-c", value: "4", mode: .overwriteIfPresent),
                    .init(name: "x-d", value: "%UNKNOWN%", mode: .overwrite), .init(name: "host", value: "b", mode: .overwrite),
                ], removals: ["x-gone"]))
        editor.apply(to: &head) { $0 == "PEER" ? "me\r\nevil: 1" : nil }
        #expect(head.headers.values("x-a").map(\.string) == ["1", "2"])
        #expect(head.headers.first("x-b")?.string == "meevil: 1-100%")
        #expect(head.headers.first("x-c") == nil)
        #expect(head.headers.first("x-d") == nil)
        #expect(!head.headers.contains("x-gone"))
        #expect(head.authority == "b")
    }
}
