// SPDX-License-Identifier: Apache-2.0
import NIOCore
import Proxy
import ProxyModel
import Testing

/// Filters and what routes, virtual hosts and tables say to them, over sockets.
@Suite(.timeLimit(.minutes(1))) struct FilterTests {
    private static let forward = RouteAction.forward(ForwardAction(clusters: .single("c")))
    private static let cors = "envoy.filters.http.cors"
    private static let limitName = "envoy.filters.http.local_ratelimit"
    private static let edits = "envoy.filters.http.header_mutation"
    private static let rbac = "envoy.filters.http.rbac"
    private static let fault = "envoy.filters.http.fault"

    private static func route(_ path: String, _ filters: RouteFilters, action: RouteAction = forward) -> Route {
        Route(name: path, match: RouteMatch(path: .exact(path)), action: action, filters: filters)
    }

    private static func with(
        routes: [Route], filters: [HTTPFilter], _ change: (inout HTTPConnectionManager) -> Void = { _ in },
        _ body: (ProxyHarness, ScriptedUpstream) async throws -> Void
    ) async throws {
        let harness = try await ProxyHarness()
        let upstream = try await ScriptedUpstream(
            group: harness.group, always: ScriptedUpstream.status(200, headers: "Access-Control-Allow-Origin: *\r\n", body: "up"))
        let snapshot = ProxyHarness.snapshot(ports: [upstream.port], routes: routes, filters: filters + [.router])
        try await harness.proxy.apply(snapshot.with(manager: change))
        try await body(harness, upstream)
        try await harness.stop()
    }

    @Test func `a preflight is answered here, other requests get their answers marked`() async throws {
        let policy = CrossOriginPolicy(
            allowedOrigins: [.exact("https://a", ignoringCase: false)], allowedMethods: "GET", maxAge: "7")
        try await Self.with(routes: [Self.route("/cors", [Self.cors: .crossOrigin(policy)])], filters: [.crossOrigin]) {
            harness, upstream in
            let preflight = try await harness.exchange(
                "OPTIONS /cors HTTP/1.1\r\nHost: a\r\nConnection: close\r\nOrigin: https://a\r\n"
                    + "Access-Control-Request-Method: GET\r\n\r\n")
            #expect(preflight.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(preflight.contains("access-control-allow-origin: https://a\r\n"))
            #expect(preflight.contains("access-control-allow-methods: GET\r\n"))
            #expect(preflight.contains("access-control-max-age: 7\r\n"))
            #expect(upstream.requests.isEmpty)
            let allowed = try await harness.get("/cors", headers: "Origin: https://a\r\n")
            #expect(allowed.contains("access-control-allow-origin: https://a\r\n"))
            #expect(!allowed.contains(": *"))
            let other = try await harness.get("/cors", headers: "Origin: https://b\r\n")
            #expect(other.contains("Access-Control-Allow-Origin: *\r\n"))
            #expect(try await harness.get("/", headers: "Origin: https://a\r\n").contains("Access-Control-Allow-Origin: *\r\n"))
            #expect(try await harness.log.first(1) == ["200 - cors_response"])
        }
    }

    @Test func `beyond the limit is 429, on a route by its own bucket`() async throws {
        let limit = LocalRateLimit(
            statPrefix: "x", bucket: .init(capacity: 1, tokensPerFill: 1, fillInterval: .seconds(3600)), enabled: .all,
            enforced: .all, responseHeaders: HeaderMutations(edits: [.init(name: "x-limited", value: "yes", mode: .append)]),
            tellsLimits: true)
        var gentle = limit
        gentle.enforced = .none
        gentle.requestHeaders = HeaderMutations(edits: [.init(name: "x-beyond", value: "yes", mode: .append)])
        try await Self.with(
            routes: [
                Self.route("/own", [Self.limitName: .localRateLimit(limit)]),
                Self.route("/gentle", [Self.limitName: .localRateLimit(gentle)]),
            ],
            filters: [.localRateLimit(LocalRateLimit(statPrefix: "y"))]
        ) { harness, upstream in
            let first = try await harness.get("/own")
            #expect(first.hasPrefix("HTTP/1.1 200 "))
            #expect(first.contains("x-ratelimit-limit: 1\r\nx-ratelimit-remaining: 0\r\nx-ratelimit-reset: 3600\r\n"))
            #expect(!first.contains("x-limited"))
            let second = try await harness.get("/own")
            #expect(second.hasPrefix("HTTP/1.1 429 Too Many Requests\r\n"))
            #expect(second.contains("x-limited: yes\r\n"))
            #expect(second.hasSuffix("\r\n\r\nlocal_rate_limited"))
            let call = try await harness.get("/own", headers: "Content-Type: application/grpc\r\n")
            #expect(call.contains("grpc-status: 14\r\n"))
            for _ in 0..<2 { #expect(try await harness.get("/gentle").hasPrefix("HTTP/1.1 200 ")) }
            #expect(upstream.requests.map { $0.contains("x-beyond: yes") } == [false, false, true])
            for _ in 0..<3 { #expect(try await harness.get("/").hasPrefix("HTTP/1.1 200 ")) }
            #expect(try await harness.log.first(2).last == "429 RL local_rate_limited")
        }
    }

    @Test func `a connection has its own bucket where that is asked for`() async throws {
        let limit = LocalRateLimit(
            statPrefix: "x", bucket: .init(capacity: 1, tokensPerFill: 1, fillInterval: .seconds(3600)), enabled: .all,
            enforced: .all, isPerConnection: true)
        try await Self.with(routes: [], filters: [.localRateLimit(limit)]) { harness, _ in
            for _ in 0..<2 {
                let answers = try await harness.exchange(
                    "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                #expect(answers.ranges(of: "HTTP/1.1 200 ").count == 1)
                #expect(answers.ranges(of: "HTTP/1.1 429 ").count == 1)
            }
        }
    }

    @Test func `a virtual host's bucket is shared by its routes`() async throws {
        let limit = LocalRateLimit(
            statPrefix: "x", bucket: .init(capacity: 1, tokensPerFill: 1, fillInterval: .seconds(3600)), enabled: .all,
            enforced: .all)
        try await Self.with(
            routes: [Self.route("/a", [:]), Self.route("/b", [Self.cors: .crossOrigin(CrossOriginPolicy())])],
            filters: [.localRateLimit(LocalRateLimit(statPrefix: "y"))],
            { manager in
                guard case .inline(var table) = manager.routes else { return }
                table.virtualHosts[0].filters = [Self.limitName: .localRateLimit(limit)]
                manager.routes = .inline(table)
            }
        ) { harness, _ in
            let answers = [try await harness.get("/a"), try await harness.get("/b")]
            #expect(answers.map { $0.prefix(12) } == ["HTTP/1.1 200", "HTTP/1.1 429"])
        }
    }

    @Test func `edits of filter, route, virtual host and table follow each other`() async throws {
        func steps(_ text: String) -> HeaderSteps {
            HeaderSteps(
                request: [.edit(.init(name: "x-in", value: text, mode: .append))],
                response: [.edit(.init(name: "x-out", value: text, mode: .append))])
        }
        for (mostSpecificLast, order) in [
            (false, ["filter", "route", "host", "table"]), (true, ["filter", "table", "host", "route"]),
        ] {
            try await Self.with(
                routes: [
                    Self.route("/a", [Self.edits: .headerMutation(steps("route"))]),
                    Self.route(
                        "/direct", [Self.edits: .headerMutation(steps("route"))],
                        action: .respond(DirectResponse(status: 201, body: []))),
                ],
                filters: [.headerMutation(HeaderMutationFilter(steps: steps("filter"), mostSpecificLast: mostSpecificLast))],
                { manager in
                    guard case .inline(var table) = manager.routes else { return }
                    table.filters = [Self.edits: .headerMutation(steps("table"))]
                    table.virtualHosts[0].filters = [Self.edits: .headerMutation(steps("host"))]
                    manager.routes = .inline(table)
                }
            ) { harness, upstream in
                let answer = try await harness.get("/a")
                let out = order.map { "x-out: \($0)\r\n" }.joined()
                #expect(answer.contains(out))
                #expect(upstream.requests.first?.contains(order.map { "x-in: \($0)\r\n" }.joined()) == true)
                #expect(try await harness.get("/direct").contains(out))
            }
        }
    }

    @Test func `a route has its own rules, or none, and its own fault, or none`() async throws {
        let deny = AuthorizationRules(action: .deny, policies: [.init(name: "p", permissions: [.any], principals: [.any])])
        let never = AuthorizationRules(action: .deny, policies: [])
        let break418 = FaultPolicy(abort: .init(status: .http(418), fraction: .all))
        try await Self.with(
            routes: [
                Self.route("/open", [Self.rbac: .authorization(nil), Self.fault: .fault(nil)]),
                Self.route("/rules", [Self.rbac: .authorization(AuthorizationFilter(rules: never))]),
            ],
            filters: [.authorization(AuthorizationFilter(rules: deny)), .fault(break418)]
        ) { harness, _ in
            var answers: [String] = []
            for path in ["/open", "/rules", "/"] { answers.append(String(try await harness.get(path).prefix(12))) }
            #expect(answers == ["HTTP/1.1 200", "HTTP/1.1 418", "HTTP/1.1 403"])
        }
    }

    @Test(arguments: [
        (AccessLogConfiguration.Filter.status(.init(.atLeast, 400)), ["/direct"]),
        (.status(.init(.atMost, 200)), ["/"]),
        (.all([.status(.init(.atLeast, 200)), .header(HeaderMatch(name: "x-log", condition: .present(true)))]), ["/"]),
        (.oneOf([.status(.init(.equal, 503)), .duration(.init(.atLeast, 3_600_000))]), ["/direct"]),
        (.grpcStatus([14], excludes: false), ["/direct"]), (.grpcStatus([14], excludes: true), ["/"]), (.share(.none), []),
        (.share(.all), ["/", "/direct"]), (.responseFlags([]), []), (.duration(.init(.atLeast, 0)), ["/", "/direct"]),
    ])
    func `a log takes what its filter says`(_ filter: AccessLogConfiguration.Filter, _ logged: [String]) async throws {
        let busy = Self.route("/direct", [:], action: .respond(DirectResponse(status: 503, body: [])))
        try await Self.with(
            routes: [busy], filters: [],
            { manager in
                manager.accessLogs = [
                    AccessLogConfiguration(path: "log", format: .text("%REQ(:PATH)%\n"), filter: filter),
                    AccessLogConfiguration(path: "log", format: .text("end %REQ(:PATH)%\n")),
                ]
            }
        ) { harness, _ in
            _ = try await harness.get("/", headers: "x-log: 1\r\n")
            _ = try await harness.get("/direct")
            let lines = try await harness.log.first(2 + logged.count)
            #expect(lines.filter { !$0.hasPrefix("end") } == logged)
        }
    }
}
