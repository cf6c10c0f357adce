// SPDX-License-Identifier: Apache-2.0

/// HTTP/1 and HTTP/2 to an upstream of HTTP/2, and TCP.
extension DifferentialCase {
    /// Nothing that ends the connection to the upstream, which all cases share.
    static let upward: [DifferentialCase] =
        [
            "", "reset", "refused", "cancel", "trailers", "trailers-only", "early-hints", "half", "connection",
            "204",
            "304", "404", "503",
        ].flatMap { name -> [DifferentialCase] in
            [
                .request("answer \(name)", on: .upward, target: "/?answer=\(name)"),
                .frames("answer \(name)", on: .upward, HTTP2Frames().head(Self.fields("GET", "/?answer=\(name)"))),
            ]
        }
        + ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "FOO"].map { .request("method \($0)", on: .upward, method: $0) }
        + [
            .request("a length", on: .upward, method: "POST", headers: ["Content-Length: 3"], body: "abc"),
            .request("chunks", on: .upward, method: "POST", headers: ["Transfer-Encoding: chunked"], body: "3\r\nabc\r\n0\r\n\r\n"),
            .request("no chunk", on: .upward, method: "POST", headers: ["Transfer-Encoding: chunked"], body: "0\r\n\r\n"),
            .request(
                "hop by hop", on: .upward,
                headers: ["Connection: x-a, keep-alive", "X-A: 1", "Keep-Alive: timeout=5", "TE: trailers"]),
            .request("TE of more", on: .upward, headers: ["TE: gzip, trailers"]),
            .request("capitals", on: .upward, headers: ["X-UPPER: Value"]),
            .request("cookies", on: .upward, headers: ["Cookie: a=1; b=2"]),
            .request("two cookies", on: .upward, headers: ["Cookie: a=1", "Cookie: b=2"]),
            .request("host in capitals", on: .upward, host: "A.Test:80"),
            .request("an absolute target", on: .upward, target: "http://b.test/x?y"),
            .request("expect", on: .upward, method: "POST", headers: ["Content-Length: 3", "Expect: 100-continue"], body: "abc"),
            .request("a forwarded protocol", on: .upward, headers: ["X-Forwarded-Proto: https"]),
            .request("upgrade", on: .upward, headers: ["Connection: upgrade", "Upgrade: websocket"]),
            .request("OPTIONS of all", on: .upward, method: "OPTIONS", target: "*"),
            .frames("a body", on: .upward, HTTP2Frames().head(Self.fields("POST"), ends: false).data("abc")),
            .frames(
                "trailers", on: .upward,
                HTTP2Frames().head(Self.fields("POST"), ends: false).data("abc", ends: false).head([("x-t", "1")])),
            .frames(
                "cookies in crumbs", on: .upward,
                HTTP2Frames().head(Self.fields("GET", "/", [("cookie", "a=1"), ("cookie", "b=2")]))),
            .frames("te", on: .upward, HTTP2Frames().head(Self.fields("GET", "/", [("te", "trailers")]))),
            .frames(
                "gRPC", on: .upward,
                HTTP2Frames().head(
                    Self.fields("POST", "/?answer=trailers", [("content-type", "application/grpc"), ("te", "trailers")]),
                    ends: false
                ).data("abc")),
            .frames(
                "gRPC that is reset", on: .upward,
                HTTP2Frames().head(
                    Self.fields("POST", "/?answer=reset", [("content-type", "application/grpc"), ("te", "trailers")]), ends: false
                ).data("abc")),
        ]

    static let tcp: [DifferentialCase] =
        [Listener.tcp, .weighted].flatMap { listener -> [DifferentialCase] in
            [
                .request("a request", on: listener),
                .request("a body", on: listener, method: "POST", headers: ["Content-Length: 3"], body: "abc"),
                .request("what no proxy would read", on: listener, headers: ["X A: b"]),
                .request("an upstream that closes", on: listener, target: "/?answer=nothing"),
                .request("an upstream that closes early", on: listener, target: "/?answer=truncated"),
                .request(
                    "100 KiB", on: listener, method: "POST", headers: ["Content-Length: 102400"],
                    body: String(repeating: "x", count: 102_400)),
                DifferentialCase("bytes both ways", on: listener, "CONNECT a:1 HTTP/1.1\r\n\r\n", followUp: "ping"),
                DifferentialCase("nothing", on: listener, "", responses: 0),
            ]
        }
        + [
            .request("a request", on: .unreachable), DifferentialCase("nothing", on: .unreachable, "", responses: 0),
        ]
}
