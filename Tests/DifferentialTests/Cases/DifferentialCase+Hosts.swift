// SPDX-License-Identifier: Apache-2.0

extension DifferentialCase {
    static let hosts: [DifferentialCase] =
        [
            "A.TEST", "a.test:80", "a.test:", "a.test:abc", "a.test:99999", "[::1]", "[::1]:80", "127.0.0.1", "a.test.", "a_b.test",
            "a b", "a/b", "a@b", "a,b", "é.test", "-", ".", "a..b",
        ]
        .map { .request("host \($0)", host: $0) }
        + [
            DifferentialCase("no host", "GET / HTTP/1.1\r\n\r\n"),
            DifferentialCase("no host in HTTP/1.0", on: .options, "GET / HTTP/1.0\r\n\r\n"),
            DifferentialCase("an empty host", "GET / HTTP/1.1\r\nHost:\r\n\r\n"),
            DifferentialCase("two hosts", "GET / HTTP/1.1\r\nHost: a.test\r\nHost: b.test\r\n\r\n"),
            DifferentialCase("two equal hosts", "GET / HTTP/1.1\r\nHost: a.test\r\nHost: a.test\r\n\r\n"),
            DifferentialCase("host with spaces around", "GET / HTTP/1.1\r\nHost:   a.test  \r\n\r\n"),
            .request("host with the listener's port", on: .options, host: "a.test:80"),
            .request("host with another port", on: .options, host: "a.test:81"),
            .request("absolute target against the host", target: "http://c.test/x", host: "d.test"),
        ]

    static let versions: [DifferentialCase] =
        [
            "HTTP/1.0", "HTTP/1.2", "HTTP/2.0", "HTTP/0.9", "HTTP/1", "HTTP/11", "HTTP/1.10", "http/1.1", "HTTP/1.1x", "HTTP /1.1",
            "FOO/1.1", "",
        ]
        .map { DifferentialCase("version \($0)", "GET / \($0)\r\nHost: a.test\r\n\r\n") }
        + [
            DifferentialCase("HTTP/1.0 accepted", on: .options, "GET / HTTP/1.0\r\nHost: a.test\r\n\r\n"),
            DifferentialCase(
                "HTTP/1.0 keep-alive", on: .options, "GET / HTTP/1.0\r\nHost: a.test\r\nConnection: keep-alive\r\n\r\n"),
            DifferentialCase(
                "HTTP/1.0 with a body", on: .options, "POST / HTTP/1.0\r\nHost: a.test\r\nContent-Length: 2\r\n\r\nab"),
            DifferentialCase(
                "HTTP/1.0 chunked", on: .options,
                "POST / HTTP/1.0\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n"),
            DifferentialCase("HTTP/1.0 to a chunked answer", on: .options, "GET /?answer=chunked HTTP/1.0\r\nHost: a.test\r\n\r\n"),
            DifferentialCase("HTTP/0.9", "GET /\r\n\r\n"),
            DifferentialCase(
                "an HTTP/2 preface on HTTP/1", on: .options,
                "GET / HTTP/1.1\r\nHost: a.test\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\nConnection: Upgrade, HTTP2-Settings\r\n\r\n"
            ),
        ]
}
