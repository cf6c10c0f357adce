// SPDX-License-Identifier: Apache-2.0
import Testing

/// What a request is for: its line, its target, its host.
@Suite(.serialized, .timeLimit(.minutes(3))) struct TargetTests {
    private static let proto = "x-forwarded-proto: http"

    static let requestLines: [StrictRow] =
        [
            line("lower-case method", "get / HTTP/1.1", .refused(400)), line("mixed-case method", "Get / HTTP/1.1", .refused(400)),
            line("method of its own", "PURGE / HTTP/1.1", forwarded("PURGE /")),
            line("method with a colon", "GET: / HTTP/1.1", .refused(400)), line("no method", "/ HTTP/1.1", .refused(400)),
            line("method with a bracket", "GET[ / HTTP/1.1", .refused(400)),
            line("method of a kilobyte", String(repeating: "A", count: 1024) + " / HTTP/1.1", .refused(400)),
            line("two spaces before the target", "GET  / HTTP/1.1", .refused(400)),
            line("two spaces behind the target", "GET /  HTTP/1.1", .refused(400)),
            line("tab before the target", "GET\t/ HTTP/1.1", .refused(400)),
            line("tab behind the target", "GET /\tHTTP/1.1", .refused(400)),
            line("vertical tab behind the target", "GET /\u{0B}HTTP/1.1", .refused(400)),
            line("space behind the version", "GET / HTTP/1.1 ", .refused(400)), line("no version", "GET /", .refused(426)),
            line("no version but a space", "GET / ", .refused(426)), line("two targets", "GET /a /b HTTP/1.1", .refused(400)),
            line("two versions", "GET / HTTP/1.1 HTTP/1.1", .refused(400)),
            line("version in lower case", "GET / http/1.1", .refused(400)), line("HTTP/0.9", "GET / HTTP/0.9", .refused(426)),
            line("HTTP/1.2", "GET / HTTP/1.2", .refused(426)), line("HTTP/2.0", "GET / HTTP/2.0", .refused(426)),
            line("HTTP/3.0", "GET / HTTP/3.0", .refused(426)), line("HTTP/1.10", "GET / HTTP/1.10", .refused(400)),
            line("HTTP/01.1", "GET / HTTP/01.1", .refused(400)), line("HTTP/1", "GET / HTTP/1", .refused(400)),
            line("HTTP/1.", "GET / HTTP/1.", .refused(400)), line("HTTP/1,1", "GET / HTTP/1,1", .refused(400)),
            line("another protocol", "GET / ICAP/1.0", .refused(400)), line("HTTPS", "GET / HTTPS/1.1", .refused(400)),
        ] + controls("GE", "T / HTTP/1.1", what: "the method")

    static let targets: [StrictRow] =
        [
            line("query", "GET /a?b=c&d HTTP/1.1", forwarded("GET /a?b=c&d")),
            line("percent CRLF", "GET /%0d%0aX:%20y HTTP/1.1", forwarded("GET /%0d%0aX:%20y")),
            line("fragment", "GET /a#b HTTP/1.1", .refused(400)), line("fragment of a query", "GET /a?b#c HTTP/1.1", .refused(400)),
            line("only a fragment", "GET #a HTTP/1.1", .refused(400)), line("relative", "GET a/b HTTP/1.1", .refused(400)),
            line("dots", "GET ../a HTTP/1.1", .refused(400)), line("only a query", "GET ?a HTTP/1.1", .refused(400)),
            line("empty", "GET HTTP/1.1", .refused(400)), line("bytes of another script", "GET /é HTTP/1.1", .refused(400)),
            line("network path", "GET //b/c HTTP/1.1", forwarded("GET //b/c")),
            line("backslash", "GET \\a HTTP/1.1", .refused(400)), line("host and port", "GET a:80 HTTP/1.1", .refused(400)),
            line("asterisk with GET", "GET * HTTP/1.1", .refused(400)),
            line("asterisk with OPTIONS", "OPTIONS * HTTP/1.1", forwarded("OPTIONS *")),
            line("asterisk and more", "OPTIONS *a HTTP/1.1", .refused(400)),
            line("asterisk as a path", "OPTIONS /* HTTP/1.1", forwarded("OPTIONS /*")),
            line("CONNECT of a path", "CONNECT /a HTTP/1.1", .refused(400)),
            line("CONNECT without a port", "CONNECT a HTTP/1.1", .refused(400)),
            line("CONNECT of an absolute target", "CONNECT http://a:80/ HTTP/1.1", .refused(400)),
            line("CONNECT of an asterisk", "CONNECT * HTTP/1.1", .refused(400)),
            line("CONNECT with user information", "CONNECT u@a:80 HTTP/1.1", .refused(400)),
            line("CONNECT with a port that is none", "CONNECT a:x HTTP/1.1", .refused(400)),
        ] + controls("GET /a", "b HTTP/1.1", what: "the target")

    /// RFC 9112 3.2.2: the target wins, and one of the two goes on.
    static let absolute: [StrictRow] = [
        line("the same host", "GET http://a/x HTTP/1.1", forwarded("GET /x")),
        line("another host", "GET http://b/x HTTP/1.1", forwarded("GET /x", host: "host: b")),
        line("another port", "GET http://a:81/x HTTP/1.1", forwarded("GET /x", host: "host: a:81")),
        line("no path", "GET http://b HTTP/1.1", forwarded("GET /", host: "host: b")),
        line("no path but a query", "GET http://b?x HTTP/1.1", forwarded("GET /?x", host: "host: b")),
        line("upper-case scheme", "GET HTTP://b/x HTTP/1.1", forwarded("GET /x", host: "host: b")),
        line("user information", "GET http://u@b/x HTTP/1.1", .refused(400)),
        line("user information that looks like a host", "GET http://a:80@b/x HTTP/1.1", .refused(400)),
        line("no host", "GET http:///x HTTP/1.1", .refused(400)), line("one slash", "GET http:/b/x HTTP/1.1", .refused(400)),
        line("another scheme", "GET ftp://b/x HTTP/1.1", .refused(400)),
        line("no scheme", "GET ://b/x HTTP/1.1", .refused(400)),
        line("backslash in the host", "GET http://b\\c/x HTTP/1.1", .refused(400)),
        line("fragment", "GET http://b/x#y HTTP/1.1", .refused(400)),
        line("port that is none", "GET http://b:x/ HTTP/1.1", .refused(400)),
        line("port that is too long", "GET http://b:000080/ HTTP/1.1", .refused(400)),
        line("bracket that does not close", "GET http://[::1/ HTTP/1.1", .refused(400)),
        StrictRow("no Host", "GET http://b/x HTTP/1.1", then: .refused(400)),
        StrictRow("two Hosts", "GET http://b/x HTTP/1.1", "Host: b", "Host: b", then: .refused(400)),
        StrictRow("bad Host", "GET http://b/x HTTP/1.1", "Host: b/c", then: .refused(400)),
    ]

    static let hosts: [StrictRow] = [
        host("none", "X: y", .refused(400)), host("two that differ", "Host: a\r\nHost: b", .refused(400)),
        host("two alike", "Host: a\r\nHost: a", .refused(400)), host("two in different case", "Host: a\r\nhost: b", .refused(400)),
        host("two with another between", "Host: a\r\nX: y\r\nHost: b", .refused(400)),
        host("list", "Host: a, b", .refused(400)), host("space within", "Host: a b", .refused(400)),
        host("tab within", "Host: a\tb", .refused(400)), host("user information", "Host: u@a", .refused(400)),
        host("path", "Host: a/b", .refused(400)), host("query", "Host: a?b", .refused(400)),
        host("fragment", "Host: a#b", .refused(400)), host("scheme", "Host: http://a", .refused(400)),
        host("backslash", "Host: a\\b", .refused(400)), host("port that is none", "Host: a:b", .refused(400)),
        host("signed port", "Host: a:+80", .refused(400)), host("two ports", "Host: a:80:81", .refused(400)),
        host("port without a host", "Host: :80", .refused(400)), host("NUL", "Host: a\0b", .refused(400)),
        host("another script", "Host: é", .refused(400)), host("quotes", "Host: \"a\"", .refused(400)),
        host("bracket that does not close", "Host: [::1", .refused(400)),
        host("something behind a bracket", "Host: [::1]a", .refused(400)),
        host("brackets of no address", "Host: [a/b]", .refused(400)), host("fold", "Host:\r\n a", .refused(400)),
        host("fold behind", "Host: a\r\n b", .refused(400)), host("space before the colon", "Host : a", .refused(400)),
        host("space before the name", " Host: a", .refused(400)),
        host("empty, which is allowed", "Host:", .forwarded("GET / HTTP/1.1\r\nHost:\r\n\(proto)\r\n\r\n")),
        host("port", "Host: a:80", .forwarded("GET / HTTP/1.1\r\nHost: a:80\r\n\(proto)\r\n\r\n")),
        host("address", "Host: [::1]:80", .forwarded("GET / HTTP/1.1\r\nHost: [::1]:80\r\n\(proto)\r\n\r\n")),
        host("no space", "Host:a", .forwarded("GET / HTTP/1.1\r\nHost:a\r\n\(proto)\r\n\r\n")),
        host(
            "X-Forwarded-Host beside it", "Host: a\r\nX-Forwarded-Host: b",
            .forwarded("GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-Host: b\r\n\(proto)\r\n\r\n")),
    ]

    private static func forwarded(_ start: String, host: String = "Host: a") -> StrictRow.Outcome {
        let length = start.hasPrefix("GET ") ? "" : "content-length: 0\r\n"
        return .forwarded("\(start) HTTP/1.1\r\n\(host)\r\n\(self.proto)\r\n\(length)\r\n")
    }

    private static func line(_ name: String, _ line: String, _ outcome: StrictRow.Outcome) -> StrictRow {
        StrictRow(name, line, "Host: a", then: outcome)
    }

    private static func host(_ name: String, _ lines: String, _ outcome: StrictRow.Outcome) -> StrictRow {
        StrictRow(name, "GET / HTTP/1.1", lines, then: outcome)
    }

    private static func controls(_ before: String, _ behind: String, what: String) -> [StrictRow] {
        (Array(UInt8(0)...0x1F) + [0x7F, 0x80, 0xFF]).map { byte in
            let line = Array(before.utf8) + [byte] + Array(behind.utf8)
            return StrictRow("byte \(byte) in \(what)", bytes: line + Array("\r\nHost: a\r\n\r\n".utf8), .refused(400))
        }
    }

    @Test(arguments: requestLines) func `a request line`(_ row: StrictRow) async throws { try await row.check() }
    @Test(arguments: targets) func `a target`(_ row: StrictRow) async throws { try await row.check() }
    @Test(arguments: absolute) func `an absolute target`(_ row: StrictRow) async throws { try await row.check() }
    @Test(arguments: hosts) func `a host`(_ row: StrictRow) async throws { try await row.check() }
}
