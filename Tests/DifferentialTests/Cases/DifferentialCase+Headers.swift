// SPDX-License-Identifier: Apache-2.0

extension DifferentialCase {
    static let headers: [DifferentialCase] =
        [
            "X-A: b", "x-a:b", "X-A:    b   ", "X-A:\tb\t", "X-A:", "X-A: ", "X-A: b c", "X-A: b, c", "X-A: \"b\"", "X-A: \u{e9}",
            "X_A: b", "X.A: b", "X-A: :", "x!#$%&'*+.^_`|~: b",
            "Cookie: a=1; b=2", "Authorization: Bearer x", "Accept-Encoding: gzip", "Content-Type: text/plain", "Range: bytes=0-1",
            "If-None-Match: \"x\"",
            "User-Agent: t", "Referer: http://a/", "Origin: http://a", "Via: 1.1 x", "Forwarded: for=1.2.3.4", "Max-Forwards: 0",
            "Date: x", "Content-Encoding: gzip",
            "Grpc-Timeout: 1S", "Content-Type: application/grpc", "Accept: */*", "Early-Data: 1", "Priority: u=1",
            "Traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        ].map { .request("header \($0.debugDescription)", headers: [$0]) }
        + [
            .request("the same header twice", headers: ["X-A: 1", "X-B: 2", "X-A: 3"]),
            .request("cookies twice", headers: ["Cookie: a=1", "Cookie: b=2"]),
            .request("a header of 8000 bytes", headers: ["X-A: " + String(repeating: "a", count: 8000)]),
            .request("a header of 70000 bytes", headers: ["X-A: " + String(repeating: "a", count: 70000)]),
            .request("90 headers", headers: (0..<90).map { "X-\($0): v" }),
            .request("101 headers", headers: (0..<101).map { "X-\($0): v" }),
            .request("more headers than the guard lets through", on: .guarded, headers: (0..<20).map { "X-\($0): v" }),
            .request(
                "more header bytes than the guard lets through", on: .guarded,
                headers: ["X-A: " + String(repeating: "a", count: 6000)]),
        ]

    static let malformedHeads: [DifferentialCase] =
        [
            "X A: b", "X-A : b", ": b", "X-A", " X-A: b", "X-\u{1}: b", "X-A: a\u{1}b", "X-A: a\u{0}b", "X-A: a\u{7f}b", "X(A): b",
            "X-A\u{b}: b", "X-É: b", ":authority: b", ":path: /x", "X/A: b", "X@A: b",
        ].map { .request("malformed header \($0.debugDescription)", headers: [$0]) }
        + [
            DifferentialCase("a fold", "GET / HTTP/1.1\r\nHost: a\r\nX-A: 1\r\n 2\r\n\r\n"),
            DifferentialCase("a fold by tab", "GET / HTTP/1.1\r\nHost: a\r\nX-A: 1\r\n\t2\r\n\r\n"),
            DifferentialCase("bare LFs", "GET / HTTP/1.1\nHost: a\n\n"),
            DifferentialCase("a bare LF in the head", "GET / HTTP/1.1\r\nHost: a\nX-A: b\r\n\r\n"),
            DifferentialCase("a bare CR in a value", "GET / HTTP/1.1\r\nHost: a\r\nX-A: b\rc\r\n\r\n"),
            DifferentialCase("a bare CR for the end of a line", "GET / HTTP/1.1\r\nHost: a\rX-A: b\r\n\r\n"),
            DifferentialCase("a head that does not end", "GET / HTTP/1.1\r\nHost: a\r\n", responses: 0),
            DifferentialCase("half a request line", "GET /", responses: 0),
            DifferentialCase("nothing", "", responses: 0),
            DifferentialCase("only an empty line", "\r\n", responses: 0),
            DifferentialCase("a body that does not end", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab", responses: 0),
            DifferentialCase("garbage", "\u{1}\u{2}\u{3}\u{4}\r\n\r\n"),
            DifferentialCase(
                "TLS on a plain port", bytes: [0x16, 0x03, 0x01, 0x00, 0x05, 0x01, 0x00, 0x00, 0x01, 0x00, 13, 10, 13, 10]),
        ]

    static let hopByHop: [DifferentialCase] = [
        "TE: trailers", "TE: gzip", "TE: trailers, gzip", "Keep-Alive: timeout=5", "Proxy-Authenticate: x",
        "Proxy-Authorization: x", "Trailer: X-T", "Upgrade: foo", "Proxy-Connection: x",
        "Connection: x-a\r\nX-A: 1", "Connection: X-A, x-b\r\nX-A: 1\r\nX-B: 2", "Connection: cookie\r\nCookie: a=1",
        "Connection: host", "Connection: x-forwarded-proto",
        "Connection: :authority", "Connection: x-none", "Connection: authorization\r\nAuthorization: x",
        "Connection: te\r\nTE: trailers", "Connection: keep-alive, x-a\r\nX-A: 1",
    ].map { .request("hop by hop \($0.debugDescription)", headers: [$0]) }

    static let forwarded: [DifferentialCase] =
        [Listener.plain, .options].flatMap { listener in
            [
                [], ["X-Forwarded-For: 1.2.3.4"], ["X-Forwarded-For: 10.0.0.1"], ["X-Forwarded-For: 1.2.3.4, 5.6.7.8"],
                ["X-Forwarded-For: nonsense"], ["X-Forwarded-Proto: https"], ["X-Forwarded-Proto: foo"],
                ["X-Forwarded-Host: h"], ["X-Forwarded-Port: 1"], ["X-Request-Id: 123"],
                ["X-Request-Id: 3f2504e0-4f89-41d3-9a0c-0305e82c3301"], ["X-Envoy-Attempt-Count: 7"],
                ["X-Envoy-Internal: true"], ["X-Envoy-Original-Path: /x"], ["X-Envoy-Expected-Rq-Timeout-Ms: 7"],
                ["X-Envoy-Upstream-Rq-Timeout-Ms: 500"], ["X-Envoy-Max-Retries: 0"], ["X-Envoy-Retry-On: 5xx"],
                ["X-Envoy-External-Address: 1.1.1.1"], ["X-Envoy-Decorator-Operation: x"], ["X-Envoy-Force-Trace: true"],
                ["X-Forwarded-Client-Cert: By=x"], ["X-Envoy-Peer-Metadata: x"], ["X-Real-Ip: 1.1.1.1"],
                ["X-Envoy-Upstream-Alt-Stat-Name: x"], ["X-Envoy-Hedge-On-Per-Try-Timeout: true"], ["X-Envoy-Ip-Tags: x"],
            ].map { .request("forwarded \($0.joined())", on: listener, headers: $0) }
        }
}
