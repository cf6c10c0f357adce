// SPDX-License-Identifier: Apache-2.0

import HTTP1
import ProxyModel
import Testing

@testable import ProxyCore

@Suite struct RouterTests {
    private func host(_ name: String, _ domains: [String], _ routes: [Route]) -> VirtualHost {
        VirtualHost(name: name, domains: domains, routes: routes)
    }

    private func route(_ name: String, _ match: RouteMatch) -> Route {
        Route(name: name, match: match, action: .forward(ForwardAction(clusters: .single(name))))
    }

    private func decide(_ table: RouteTable, _ head: RequestHead) throws -> String {
        switch try Router(table).route(head, isSecure: false, random: 0) {
        case .route(let route): "\(route.virtualHost)/\(route.route.name)"
        case .noVirtualHost: "no host"
        case .noRoute: "no route"
        }
    }

    private var hosts: RouteTable {
        let any = [route("r", RouteMatch(path: .prefix("/")))]
        return RouteTable(
            name: "t",
            virtualHosts: [
                host("exact", ["Shop.example", "shop.example:8080"], any), host("long", ["*.api.example"], any),
                host("short", ["*.example"], any),
                host("dash", ["*-x.example"], any), host("prefix", ["shop.*"], any), host("rest", ["*"], any),
            ])
    }

    @Test(arguments: [
        ("shop.example", "exact/r"), ("SHOP.EXAMPLE", "exact/r"), ("shop.example:8080", "exact/r"), ("a.api.example", "long/r"),
        ("b.example", "short/r"), ("foo-x.example", "dash/r"), ("shop.org", "prefix/r"), (".example", "rest/r"), ("else", "rest/r"),
        ("", "rest/r"),
    ])
    func `the most specific domain is taken`(authority: String, expected: String) throws {
        #expect(try decide(hosts, RequestHead(authority: authority)) == expected)
    }

    @Test func `without a virtual host there is no route`() throws {
        let table = RouteTable(name: "t", virtualHosts: [host("a", ["a"], [])])
        #expect(try decide(table, RequestHead(authority: "b")) == "no host")
        #expect(try decide(table, RequestHead(authority: "a")) == "no route")
    }

    @Test(arguments: [
        ("/exact", "h/exact"), ("/exact?x=1", "h/exact"), ("/seg", "h/segment"), ("/seg/a", "h/segment"), ("/segment", "h/rest"),
        ("/Case", "h/case"), ("/users/42", "h/regex"), ("/users/42?q=1", "h/regex"), ("/users/x", "h/rest"),
        ("/p?canary=true", "h/query"),
    ])
    func `the first route that matches is taken`(target: String, expected: String) throws {
        let table = RouteTable(
            name: "t",
            virtualHosts: [
                host(
                    "h", ["*"],
                    [
                        route("exact", RouteMatch(path: .exact("/exact"))),
                        route("segment", RouteMatch(path: .segmentPrefix("/seg"))),
                        route("case", RouteMatch(path: .exact("/CASE"), ignoresCase: true)),
                        route("regex", RouteMatch(path: .regex("/users/\\d+"))),
                        route(
                            "query",
                            RouteMatch(
                                path: .prefix("/"),
                                queryParameters: [
                                    QueryParameterMatch(name: "canary", condition: .text(.exact("true", ignoringCase: false)))
                                ])),
                        route("rest", RouteMatch(path: .prefix("/"))),
                    ])
            ])
        #expect(try decide(table, RequestHead(target: target, authority: "a")) == expected)
    }

    @Test func `weights share the random numbers exactly`() {
        let clusters = [
            WeightedCluster(name: "v1", weight: 90), WeightedCluster(name: "v2", weight: 10),
            WeightedCluster(name: "v3", weight: 0),
        ]
        var counts: [String: Int] = [:]
        for random in 0..<1000 { counts[WeightedChoice.choose(clusters, random: UInt64(random))?.name ?? "none", default: 0] += 1 }
        #expect(counts == ["v1": 900, "v2": 100])
        #expect(WeightedChoice.choose([WeightedCluster(name: "v3", weight: 0)], random: 7) == nil)
    }
}
