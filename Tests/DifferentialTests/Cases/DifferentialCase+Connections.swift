// SPDX-License-Identifier: Apache-2.0

extension DifferentialCase {
    static let connections: [DifferentialCase] =
        [
            "close", "Close", "keep-alive", "Keep-Alive", "close, keep-alive", "keep-alive, close", "x-foo", "close, x-foo", "",
            ",", "close,", "upgrade",
        ]
        .map { .request("connection \($0)", headers: ["Connection: \($0)", "X-Foo: 1"]) }
        + ["close", "keep-alive"].map { .request("proxy-connection \($0)", headers: ["Proxy-Connection: \($0)"]) }
        + [
            .request("two connection headers", headers: ["Connection: keep-alive", "Connection: close"]),
            .request("close to a broken upstream", target: "/?answer=nothing", headers: ["Connection: close"]),
        ]

    static let pipelines: [DifferentialCase] = [
        DifferentialCase("two in a row", "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n", responses: 2),
        DifferentialCase(
            "a body and another", "POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabcGET /2 HTTP/1.1\r\nHost: a\r\n\r\n",
            responses: 2),
        DifferentialCase(
            "chunks and another",
            "POST /1 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n",
            responses: 2),
        DifferentialCase("a good one and a bad one", "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET  /2\r\n\r\n", responses: 2),
        DifferentialCase(
            "nothing after close", "GET /1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n"),
        DifferentialCase("ten in a row", String(repeating: "GET / HTTP/1.1\r\nHost: a\r\n\r\n", count: 10), responses: 10),
        DifferentialCase(
            "empty lines between", "GET /1 HTTP/1.1\r\nHost: a\r\n\r\n\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n", responses: 2),
        DifferentialCase("an empty line before", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        DifferentialCase(
            "local answers in a row", on: .routes,
            "GET /direct/503 HTTP/1.1\r\nHost: a\r\n\r\nGET /segment HTTP/1.1\r\nHost: a\r\n\r\n", responses: 2),
        DifferentialCase(
            "a body that a local answer does not read", on: .routes,
            "POST /segment HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabcGET /segment HTTP/1.1\r\nHost: a\r\n\r\n",
            responses: 2),
    ]
}
