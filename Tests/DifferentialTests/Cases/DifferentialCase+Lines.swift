// SPDX-License-Identifier: Apache-2.0

/// Where a line, a head or a request line ends, and which host a request is for: what two readers may see in two ways.
extension DifferentialCase {
    static let lines: [DifferentialCase] =
        [
            ("a line ends with CR CR LF", "GET / HTTP/1.1\r\nHost: a\r\r\n\r\n"),
            ("the head ends with LF CR LF", "GET / HTTP/1.1\r\nHost: a\n\r\n"),
            ("the head ends with CR LF LF", "GET / HTTP/1.1\r\nHost: a\r\n\n"),
            ("the head ends with CR LF CR", "GET / HTTP/1.1\r\nHost: a\r\n\rX: y\r\n\r\n"),
            ("the request line ends with LF", "GET / HTTP/1.1\nHost: a\r\n\r\n"),
            ("the request line ends with CR", "GET / HTTP/1.1\rHost: a\r\n\r\n"),
            ("the request line ends with CR CR LF", "GET / HTTP/1.1\r\r\nHost: a\r\n\r\n"),
            ("a blank behind the version", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n"),
            ("a tab behind the version", "GET / HTTP/1.1\t\r\nHost: a\r\n\r\n"),
            ("a second version", "GET / HTTP/1.1 HTTP/1.1\r\nHost: a\r\n\r\n"),
            ("a version in the target", "GET /x HTTP/1.1 /y HTTP/1.1\r\nHost: a\r\n\r\n"),
            ("a vertical tab before the version", "GET /\u{b}HTTP/1.1\r\nHost: a\r\n\r\n"),
            ("a form feed before the target", "GET\u{c}/ HTTP/1.1\r\nHost: a\r\n\r\n"),
            ("a hard blank before the version", "GET /\u{a0}HTTP/1.1\r\nHost: a\r\n\r\n"),
            ("NUL in the method", "GE\u{0}T / HTTP/1.1\r\nHost: a\r\n\r\n"),
            ("NUL in the target", "GET /\u{0} HTTP/1.1\r\nHost: a\r\n\r\n"),
            ("NUL in the version", "GET / HTTP/1.1\u{0}\r\nHost: a\r\n\r\n"),
            ("a CR in the target", "GET /a\rb HTTP/1.1\r\nHost: a\r\n\r\n"),
            ("0x85 in the target", "GET /a\u{85}b HTTP/1.1\r\nHost: a\r\n\r\n"),
            ("CRLF in percents", "GET /%0d%0aX:%20y HTTP/1.1\r\nHost: a\r\n\r\n"),
            ("bare LFs before", "\n\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
            ("a CR before", "\rGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
            ("many empty lines before", String(repeating: "\r\n", count: 50) + "GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
            ("a mark of byte order before", "\u{ef}\u{bb}\u{bf}GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
            ("NUL before", "\u{0}GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
            ("the first line is folded", "GET / HTTP/1.1\r\n Host: a\r\nX: y\r\n\r\n"),
            ("the first line is a blank", "GET / HTTP/1.1\r\n \r\nHost: a\r\n\r\n"),
            ("a line of a blank", "GET / HTTP/1.1\r\nHost: a\r\n \r\nX: y\r\n\r\n"),
            ("a line of a colon", "GET / HTTP/1.1\r\nHost: a\r\n:\r\n\r\n"),
            ("an answer instead", "HTTP/1.1 200 OK\r\nHost: a\r\n\r\n"), ("a method alone", "GET\r\nHost: a\r\n\r\n"),
            ("NUL in a name", "GET / HTTP/1.1\r\nHost: a\r\nX\u{0}: y\r\n\r\n"),
            ("NUL in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: y\u{0}z\r\n\r\n"),
            ("a CR at the end of a value", "GET / HTTP/1.1\r\nHost: a\r\nX: y\r\r\n\r\n"),
            ("a vertical tab behind a name", "GET / HTTP/1.1\r\nHost: a\r\nX\u{b}: y\r\n\r\n"),
            ("a tab behind a name", "GET / HTTP/1.1\r\nHost: a\r\nX\t: y\r\n\r\n"),
            ("an escape in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: \u{1b}[0m\r\n\r\n"),
        ].map { Self.octets("line: \($0.0)", $0.1) }
        + Self.secondHosts.map { Self.octets("host: \($0.0)", "GET \($0.1) HTTP/1.1\r\n\($0.2)\r\n\r\n") }
        + [
            "u:p@a", "a:80:80", "[::1", "::1", "[::1]x", "[a]", "a%00", "a%2eb", "a#b", "a?b", "a\\b", "a;b", "\"a\"", "<a>",
            "a\u{0}", "a\tb",
            "a:-1", "a:+80", "a:80 ", "a:0", "a:65536", "a:080", ":80", "a*", "*", "a|b", "a{b}", "http://a", "[v1.a]", "a..", "%",
        ].flatMap { host in
            [
                Self.octets("host: \(host.debugDescription)", "GET / HTTP/1.1\r\nHost: \(host)\r\n\r\n"),
                .frames("host: \(host.debugDescription)", HTTP2Frames().head(Self.fields("GET", "/", host: host))),
            ]
        }

    private static let secondHosts: [(String, String, String)] = [
        ("a second in other letters", "/", "Host: a\r\nhost: b"), ("a second that is empty", "/", "Host: a\r\nHost:"),
        ("the first is empty", "/", "Host:\r\nHost: a"), ("a second behind a blank", "/", "Host: a\r\n Host: b"),
        ("a second with a blank behind its name", "/", "Host: a\r\nHost : b"),
        ("the only one has a blank behind its name", "/", "Host : a"),
        ("a second behind a bare LF", "/", "Host: a\nHost: b"), ("a second behind a bare CR", "/", "Host: a\rHost: b"),
        ("a second with NUL behind its name", "/", "Host: a\r\nHost\u{0}: b"), ("a folded one", "/", "Host: a\r\n b"),
        ("a list", "/", "Host: a, b"), ("X-Forwarded-Host", "/", "Host: a\r\nX-Forwarded-Host: b"),
        ("X-Host", "/", "Host: a\r\nX-Host: b"),
        ("Forwarded", "/", "Host: a\r\nForwarded: host=b"), ("an authority", "/", "Host: a\r\n:authority: b"),
        ("an absolute target and none", "http://b.test/", "X: y"),
        ("an absolute target and an empty one", "http://b.test/", "Host:"),
        ("an absolute target and two", "http://b.test/", "Host: a\r\nHost: b.test"),
        ("an absolute target and a bad one", "http://b.test/", "Host: a b"),
        ("an absolute target and a blank", "http://b.test /", "Host: a"),
        ("an absolute target with users", "http://a@b.test/", "Host: a"),
        ("an absolute target with two authorities", "http://a.test\\@b.test/", "Host: a"),
        ("an absolute target with a bad port", "http://b.test:x/", "Host: a"),
        ("an absolute target of one slash", "http:/b.test/", "Host: a"),
        ("an absolute target with a fragment", "http://b.test#@a/", "Host: a"),
        ("an authority as the target", "b.test:80", "Host: a"),
        ("a target with at", "@b.test/", "Host: a"), ("a target of two slashes and a port", "//b.test:80/x", "Host: a"),
        ("a target with a backslash", "\\b.test", "Host: a"), ("a target of another scheme", "file:///etc/passwd", "Host: a"),
    ]
}
