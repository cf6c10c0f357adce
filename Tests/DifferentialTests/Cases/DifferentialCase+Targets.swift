// SPDX-License-Identifier: Apache-2.0

extension DifferentialCase {
    private static let paths = [
        "/", "/a", "/a/b/c", "/a/", "//", "//a", "/a//b", "/.", "/..", "/./a", "/a/./b", "/a/../b", "/../a", "/a/..", "/a/.",
        "/%2e%2e/a",
        "/%2E/a", "/a%2fb", "/a%2Fb", "/a%5cb", "/a\\b", "/%", "/%2", "/%zz", "/%00", "/%41", "/a%20b", "/a+b", "/a;b=c", "/a:b",
        "/a@b",
        "/~a", "/a|b", "/a\"b", "/a<b>", "/a{b}", "/a^b", "/a`b", "/?", "/?a=b", "/?a=b&c=d", "/?a=b?c", "/a?b=/../c", "/a?%2e",
        "/a#b",
        "/a?b#c", "/#", "*", "a", "?a", "a/b", "/é",
    ]

    static let targets: [DifferentialCase] =
        paths.map { .request("target \($0)", target: $0) }
        + paths.map { .request("target \($0), normalized", on: .options, target: $0) }
        + [
            "http://b.test/", "http://b.test", "http://b.test/x?y=z", "http://b.test:8080/x", "HTTP://B.TEST/x", "https://b.test/x",
            "ftp://b.test/x", "http:///x", "http://", "http://b.test?x", "http://u:p@b.test/x", "http://[::1]/x",
            "http://b.test:/x",
            "ws://b.test/x", "//b.test/x",
        ].map { .request("absolute target \($0)", target: $0) }
        + [
            .request("OPTIONS *", method: "OPTIONS", target: "*"),
            .request("target with a space", target: "/a b"),
            .request("target with a tab", target: "/a\tb"),
            .request("target with a control", target: "/a\u{1}b"),
            .request("target with DEL", target: "/a\u{7f}b"),
            .request("target of 1000 letters", target: "/" + String(repeating: "a", count: 1000)),
            .request("target of 30000 letters", target: "/" + String(repeating: "a", count: 30000)),
            .request("target of 70000 letters", target: "/" + String(repeating: "a", count: 70000)),
            DifferentialCase("no target", "GET HTTP/1.1\r\nHost: a.test\r\n\r\n"),
            DifferentialCase("two spaces before the target", "GET  / HTTP/1.1\r\nHost: a.test\r\n\r\n"),
            DifferentialCase("two spaces behind the target", "GET /  HTTP/1.1\r\nHost: a.test\r\n\r\n"),
            DifferentialCase("a tab before the target", "GET\t/ HTTP/1.1\r\nHost: a.test\r\n\r\n"),
            DifferentialCase("a space before the method", " GET / HTTP/1.1\r\nHost: a.test\r\n\r\n"),
            DifferentialCase(
                "bytes above ASCII in the target",
                bytes: Array("GET /".utf8) + [0xff, 0xfe] + Array(" HTTP/1.1\r\nHost: a.test\r\n\r\n".utf8)),
        ]
}
