// SPDX-License-Identifier: Apache-2.0

extension DifferentialCase {
    private static func route(
        _ name: String, _ target: String, host: String = "a.test", method: String = "GET", _ headers: String...
    ) -> DifferentialCase {
        .request("route: \(name)", on: .routes, method: method, target: target, host: host, headers: headers)
    }

    static let routing: [DifferentialCase] = [
        route("exact", "/only", host: "exact.test"), route("exact with a query", "/only?x=1", host: "exact.test"),
        route("exact and more", "/only/x", host: "exact.test"),
        route("host in capitals", "/only", host: "EXACT.TEST"), route("host with its port", "/only", host: "exact.test:8080"),
        route("host with another port", "/only", host: "exact.test:9090"),
        route("ignoring case", "/CASE", host: "exact.test"), route("minding case", "/ONLY", host: "exact.test"),
        route("suffix host", "/", host: "x.suffix.test"),
        route("suffix host itself", "/", host: "suffix.test"), route("deep suffix host", "/", host: "x.y.suffix.test"),
        route("longest suffix", "/", host: "x.longest.suffix.test"),
        route("prefix host", "/", host: "prefix.anything"), route("prefix host with a port", "/", host: "prefix.x:1"),
        route("no route", "/nothing"), route("no route for HEAD", "/nothing", method: "HEAD"),
        route("prefix rewrite", "/rewrite/a?b=c"), route("prefix rewrite of nothing", "/rewrite/"), route("regex", "/regex/12?x=1"),
        route("regex with letters", "/regex/ab"), route("regex and more", "/regex/12/x"),
        route("segment", "/segment"), route("segment and slash", "/segment/"), route("segment and path", "/segment/x"),
        route("segment and letters", "/segments"), route("segment and query", "/segment?x"),
        route("host rewrite", "/host/x"), route("header exact", "/headers", "X-Kind: a"),
        route("header exact in capitals", "/headers", "X-Kind: A", "X-Not: a"), route("header prefix", "/headers", "X-Kind: bcd"),
        route("header regex", "/headers", "X-Kind: ccc"), route("header regex in part", "/headers", "X-Kind: xccc", "X-Not: a"),
        route("header number", "/headers", "X-Number: 7", "X-Not: a"),
        route("header number at the end", "/headers", "X-Number: 10", "X-Not: a"),
        route("header number with letters", "/headers", "X-Number: 7x", "X-Not: a"),
        route("header present", "/headers", "X-Here: 1"),
        route("header present but empty", "/headers", "X-Here:", "X-Not: a"), route("header inverted", "/headers"),
        route("header inverted and equal", "/headers", "X-Not: a"),
        route("header twice", "/headers", "X-Kind: z", "X-Kind: a", "X-Not: a"), route("method", "/method", method: "POST"),
        route("another method", "/method"),
        route("query", "/query?a=1"), route("query among others", "/query?x=y&a=1"),
        route("query with another value", "/query?a=2"), route("query present", "/query?b"), route("query twice", "/query?a=2&a=1"),
        route("query encoded", "/query?a=%31"), route("direct 204", "/direct/204"), route("direct 503", "/direct/503"),
        route("direct to HEAD", "/direct/503", method: "HEAD"), route("down", "/down"),
        route("down for POST", "/down", method: "POST"),
        route("no such cluster", "/missing"), route("no such cluster, 404", "/missing-404"),
        route("retry of 503", "/retry?answer=503"), route("retry of nothing", "/retry?answer=nothing"),
        route("no retry of 404", "/retry?answer=404"),
        route("timeout", "/timeout"), route("no timeout", "/no-timeout"),
        route("timeout by header", "/up", "x-envoy-upstream-rq-timeout-ms: 500"),
        route("grpc not found", "/nothing", "Content-Type: application/grpc"),
        route("grpc direct", "/direct/503", "Content-Type: application/grpc"),
        route("grpc down", "/down", "Content-Type: application/grpc"),
        route("grpc-web not found", "/nothing", "Content-Type: application/grpc-web"),
        route("grpc to a broken upstream", "/up?answer=nothing", "Content-Type: application/grpc"),
        route("grpc to 503", "/up?answer=503", "Content-Type: application/grpc"),
    ]

    static let redirects: [DifferentialCase] = [
        route("redirect host", "/redirect/host/x?y=z"), route("redirect host with a port", "/redirect/host", host: "a.test:8080"),
        route("redirect path", "/redirect/path?y=z"), route("redirect without query", "/redirect/query?y=z"),
        route("redirect https", "/redirect/https/x"), route("redirect https with port 80", "/redirect/https", host: "a.test:80"),
        route("redirect https with a port", "/redirect/https", host: "a.test:8080"),
        route("redirect port", "/redirect/port"), route("redirect port in place of another", "/redirect/port", host: "a.test:1"),
        route("redirect prefix", "/redirect/prefix/x?y"), route("redirect of POST", "/redirect/host", method: "POST"),
        route("redirect behind https", "/redirect/host", "X-Forwarded-Proto: https"),
        route("redirect for IPv6", "/redirect/port", host: "[::1]:1"), route("redirect of HEAD", "/redirect/host", method: "HEAD"),
    ]

    static let mutations: [DifferentialCase] = [
        route("change", "/change"), route("change what is there", "/change", "X-Add: 0", "X-Set: 0", "X-New: 0", "X-Remove: 0"),
        route("change what is there twice", "/change", "X-Set: 0", "X-Set: 1", "X-Remove: 0", "X-Remove: 1"),
        route("host's headers", "/up"), route("answer's headers", "/change?answer=404"),
        route("headers of a local answer", "/direct/503"),
    ]

    static let guards: [DifferentialCase] = [
        .request("denied", on: .guarded, target: "/admin"), .request("denied deeper", on: .guarded, target: "/admin/x?y"),
        .request("denied with a query", on: .guarded, target: "/admin?x"),
        .request("allowed by role", on: .guarded, target: "/admin", headers: ["X-Role: root"]),
        .request("allowed", on: .guarded, target: "/x"), .request("denied by method", on: .guarded, method: "DELETE"),
        .request("denied by dots", on: .guarded, target: "/x/../admin"),
        .request("denied with a body", on: .guarded, method: "POST", target: "/admin", headers: ["Content-Length: 3"], body: "abc"),
        .request("denied for gRPC", on: .guarded, target: "/admin", headers: ["Content-Type: application/grpc"]),
        .request("denied for HEAD", on: .guarded, method: "HEAD", target: "/admin"),
        .request("aborted", on: .guarded, target: "/x", headers: ["X-Break: 1"]),
        .request("aborted for gRPC", on: .guarded, target: "/x", headers: ["X-Break: 1", "Content-Type: application/grpc"]),
        .request("denied before aborted", on: .guarded, target: "/admin", headers: ["X-Break: 1"]),
        .request("capitals are not denied", on: .guarded, target: "/ADMIN"),
    ]
}
