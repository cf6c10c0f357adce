// SPDX-License-Identifier: Apache-2.0

/// Doubtful names and paths, hosts with ports, and what requests and answers are told.
extension DifferentialCase {
    private static let doubtful: [DifferentialCase] = [Listener.refusing, .redirecting, .unescaping, .external].flatMap {
        listener in
        [
            "/", "/a%2Fb", "/a%2fb?x=%2F", "/a%5Cb", "/a%5cb//c", "//a///b", "/a/..%2f..%2Fb", "/a%2", "/%2F", "/a?b=//c",
            "/a%252Fb",
        ].map { .request("doubtful \($0)", on: listener, target: $0) }
            + [
                .request("doubtful name", on: listener, headers: ["x_y: 1", "x-z: 2"]),
                .request("doubtful names", on: listener, headers: ["_x: 1", "a_: 2", "a_: 3", "x-z: 2"]),
                .request("no doubtful name", on: listener, headers: ["x-y: a_b"]),
                .request("doubtful path of gRPC", on: listener, target: "/a%2Fb", headers: ["Content-Type: application/grpc"]),
                .request("host with a port", on: listener, host: "a.test:81"),
                .request("host of IPv6 with a port", on: listener, host: "[::1]:81"),
                .request("an ID of its own", on: listener, headers: ["x-request-id: 11111111-2222-4333-8444-555555555555"]),
                .request("a client and an ID", on: listener, headers: ["X-Forwarded-For: 9.9.9.9", "x-request-id: mine"]),
                .request("by TLS alone", on: listener, target: "/a?b", host: "secure.test"),
                .request("by TLS alone, and it says so", on: listener, host: "secure.test", headers: ["x-forwarded-proto: https"]),
                .request("by TLS alone from outside", on: listener, host: "outside.test"),
                .request("told", on: listener, host: "told.test", headers: ["user-agent: agent"]),
                .request("told of a rewrite", on: listener, target: "/rewrite/x", host: "told.test"),
                .request(
                    "told of a second rewrite", on: listener, target: "/rewrite", host: "told.test",
                    headers: ["x-forwarded-host: a.test"]),
                .request(
                    "told of the same host", on: listener, target: "/rewrite", host: "told.test",
                    headers: ["x-forwarded-host: a.test,told.test"]),
                .request("told of nobody", on: listener, target: "/down", host: "told.test"),
                .request("told without an upstream", on: listener, target: "/direct", host: "told.test"),
            ]
    }

    static let doubts: [DifferentialCase] =
        doubtful + [
            DifferentialCase("HTTP/1.0 without a host", on: .refusing, "GET / HTTP/1.0\r\n\r\n"),
            DifferentialCase("HTTP/1.0 with a host", on: .refusing, "GET / HTTP/1.0\r\nHost: a.test:8\r\n\r\n"),
        ]
}
