// SPDX-License-Identifier: Apache-2.0

extension DifferentialCase {
    static let retrying: [DifferentialCase] =
        BootstrapFile.retryTokens.flatMap { token in
            [
                "until-2-500", "until-2-502", "until-2-503", "until-3-503", "until-4-503", "until-2-409", "until-2-404",
                "until-2-418",
                "until-2-nothing", "until-2-half-head", "until-2-garbage", "until-2-again", "until-2-ratelimited",
            ].map { .request("\(token) \($0)", on: .retries, target: "/\(token)/?answer=\($0)") }
        }
        + [
            .request(
                "a POST again", on: .retries, method: "POST", target: "/5xx/?answer=until-2-503", headers: ["Content-Length: 3"],
                body: "abc"),
            .request(
                "a body of 200 KiB again", on: .retries, method: "POST", target: "/5xx/?answer=until-2-503",
                headers: ["Content-Length: 204800"], body: String(repeating: "x", count: 204_800)),
            .request(
                "chunks again", on: .retries, method: "POST", target: "/5xx/?answer=until-2-503",
                headers: ["Transfer-Encoding: chunked"], body: "3\r\nabc\r\n0\r\n\r\n"),
            .request("a HEAD again", on: .retries, method: "HEAD", target: "/5xx/?answer=until-2-503"),
            .request("unreachable again", on: .retries, target: "/down"),
            .request("no retries", on: .retries, target: "/none?answer=until-2-503"),
            .request(
                "gRPC unreachable again", on: .retries, method: "POST", target: "/down", headers: ["Content-Type: application/grpc"]
            ),
            .request("too late", on: .retries, target: "/late?answer=never"),
            .request(
                "too late for gRPC", on: .retries, method: "POST", target: "/late?answer=never",
                headers: ["Content-Type: application/grpc", "Content-Length: 0"]),
            .request("too late for HEAD", on: .retries, method: "HEAD", target: "/late?answer=never"),
            .request("a number of attempts from the client", on: .retries, target: "/none", headers: ["X-Envoy-Attempt-Count: 9"]),
        ]

    private static let values: [(String, [String])] = [
        ("nothing", []), ("a", ["a"]), ("A", ["A"]), ("z and a", ["z", "a"]), ("z,a", ["z,a"]), ("ab", ["ab"]), ("empty", [""]),
        ("7", ["7"]), ("10", ["10"]), ("z and 7", ["z", "7"]), ("-1", ["-1"]), ("7x", ["7x"]), ("+7", ["+7"]),
    ]

    static let conditions: [DifferentialCase] =
        BootstrapFile.conditions.flatMap { condition in
            Self.values.map { name, values in
                .request(
                    "\(condition.name) of \(name)", on: .conditions, target: "/header/\(condition.name).",
                    headers: values.map { "X-K: \($0)" })
            }
        }
        + [
            "/query?a=1&b", "/query?a=12&b=", "/query?b&a=1", "/query?a=1", "/query?c=12", "/query?c=1x", "/query?c=", "/query",
            "/query?",
            "/never", "/always", "/exact", "/exact?q=1", "/exact/", "/part/of", "/part/of/x?y", "/part/offer", "/CAPITAL/x",
            "/capital",
            "/regex/a1b2?c3", "/regex", "/weighted", "/moved/x/y?z=1", "/moved", "/scheme/x", "/created", "/created?x", "/long",
        ].map { .request("target \($0)", on: .conditions, target: $0) }
        + [
            .request("weighted with what goes", on: .conditions, target: "/weighted", headers: ["X-K: 1"]),
            .request("edit of nothing", on: .conditions, target: "/edit"),
            .request(
                "edit of what is there", on: .conditions, target: "/edit",
                headers: ["X-K: 1", "X-New: 1", "X-Only: 1", "X-Over: 1"]),
            .request(
                "edit of what is there twice", on: .conditions, target: "/edit",
                headers: ["X-Only: 1", "X-Only: 2", "X-Over: 1", "X-Over: 2"]),
            .request("edit of an answer", on: .conditions, target: "/edit?answer=same-twice"),
            .request("gRPC by type", on: .conditions, method: "POST", target: "/grpc", headers: ["Content-Type: application/grpc"]),
            .request(
                "gRPC by type and form", on: .conditions, method: "POST", target: "/grpc",
                headers: ["Content-Type: application/grpc+proto"]),
            .request("not gRPC", on: .conditions, method: "POST", target: "/grpc", headers: ["Content-Type: application/json"]),
            .request("a value with a percent sign", on: .conditions, target: "/weighted", headers: ["X-K: %REQ(host)%"]),
            .request("two values are told", on: .conditions, target: "/exact", headers: ["X-K: 1", "X-K: 2"]),
        ]

    static let ruled: [DifferentialCase] =
        [
            "/open", "/open/", "/open?x", "/OPEN", "/item/1", "/item/1/", "/item/x", "/item/12?a", "/a.html", "/a.html?x", "/a.htm",
            "/get", "/get/x", "/from", "/elsewhere", "/named", "/", "/fault", "/open/../admin", "//open", "/%6fpen", "/open%00",
        ].map { .request("target \($0)", on: .ruled, target: $0) }
        + [
            .request("another method", on: .ruled, method: "POST", target: "/get"),
            .request("HEAD", on: .ruled, method: "HEAD", target: "/get"),
            .request("a header that must not be", on: .ruled, target: "/get", headers: ["X-No: 1"]),
            .request("a header of the caller", on: .ruled, target: "/from", headers: ["X-Who: me too"]),
            .request("two headers of the caller", on: .ruled, target: "/from", headers: ["X-Who: you", "X-Who: me"]),
            .request(
                "somebody else by x-forwarded-for", on: .ruled, target: "/from", headers: ["X-Who: me", "X-Forwarded-For: 1.2.3.4"]),
            .request(
                "a nearer address by x-forwarded-for", on: .ruled, target: "/elsewhere", headers: ["X-Forwarded-For: 10.0.0.1"]),
            .request("denied for gRPC", on: .ruled, method: "POST", target: "/x", headers: ["Content-Type: application/grpc"]),
            .request("abort", on: .ruled, target: "/fault", headers: ["X-Fault: abort"]),
            .request("abort for HEAD", on: .ruled, method: "HEAD", target: "/fault", headers: ["X-Fault: abort"]),
            .request(
                "abort for gRPC", on: .ruled, method: "POST", target: "/fault",
                headers: ["X-Fault: abort", "Content-Type: application/grpc"]),
            .request(
                "gRPC abort", on: .ruled, method: "POST", target: "/fault",
                headers: ["X-Fault: grpc", "Content-Type: application/grpc"]),
            .request("gRPC abort of plain HTTP", on: .ruled, target: "/fault", headers: ["X-Fault: grpc"]),
            .request("delay, then abort", on: .ruled, target: "/fault", headers: ["X-Fault: delay"]),
            .request(
                "abort with a body", on: .ruled, method: "POST", target: "/fault",
                headers: ["X-Fault: abort", "Content-Length: 3"], body: "abc"),
            .request("another fault", on: .ruled, target: "/fault", headers: ["X-Fault: other"]),
        ]
}
