// SPDX-License-Identifier: Apache-2.0
import Testing

/// How a head is cut into lines, names and values.
@Suite(.serialized, .timeLimit(.minutes(3))) struct LineTests {
    private static let proto = "x-forwarded-proto: http"

    static let lines: [StrictRow] = [
        StrictRow("all LF", raw: "GET / HTTP/1.1\nHost: a\n\n", .refused(400)),
        StrictRow("LF behind the request line", raw: "GET / HTTP/1.1\nHost: a\r\n\r\n", .refused(400)),
        StrictRow("LF behind a field", raw: "GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n", .refused(400)),
        StrictRow("LF for the empty line", raw: "GET / HTTP/1.1\r\nHost: a\r\n\n", .refused(400)),
        StrictRow("two LF at the end", raw: "GET / HTTP/1.1\r\nHost: a\n\n", .refused(400)),
        StrictRow("LF CR", raw: "GET / HTTP/1.1\n\rHost: a\r\n\r\n", .refused(400)),
        StrictRow("CR behind the request line", raw: "GET / HTTP/1.1\rHost: a\r\n\r\n", .refused(400)),
        StrictRow("CR behind a field", raw: "GET / HTTP/1.1\r\nHost: a\rX: y\r\n\r\n", .refused(400)),
        StrictRow("CR CR LF", raw: "GET / HTTP/1.1\r\nHost: a\r\r\n\r\n", .refused(400)),
        StrictRow("CR CR LF for the empty line", raw: "GET / HTTP/1.1\r\nHost: a\r\n\r\r\n", .refused(400)),
        StrictRow("CR at the front of a field", raw: "GET / HTTP/1.1\r\n\rHost: a\r\n\r\n", .refused(400)),
        StrictRow("fold", raw: "GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n z\r\n\r\n", .refused(400)),
        StrictRow("fold by tab", raw: "GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n\tz\r\n\r\n", .refused(400)),
        StrictRow("fold of nothing", raw: "GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n \r\n\r\n", .refused(400)),
        StrictRow("fold behind the request line", raw: "GET / HTTP/1.1\r\n Host: a\r\n\r\n", .refused(400)),
        StrictRow("space before the empty line", raw: "GET / HTTP/1.1\r\nHost: a\r\n \r\n", .refused(400)),
        StrictRow(
            "an empty line before", raw: "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", forwarded()),
        StrictRow("many empty lines before", raw: "\r\n\r\n\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", .refused(400)),
        StrictRow("LF before", raw: "\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", .refused(400)),
        StrictRow("CR before", raw: "\rGET / HTTP/1.1\r\nHost: a\r\n\r\n", .refused(400)),
        StrictRow("space before", raw: " GET / HTTP/1.1\r\nHost: a\r\n\r\n", .refused(400)),
        StrictRow(
            "garbage behind", raw: "GET / HTTP/1.1\r\nHost: a\r\n\r\n\0\0\0\0",
            .forwardedThenRefused("GET / HTTP/1.1\r\nHost: a\r\n\(proto)\r\n\r\n")),
        StrictRow("only a colon", raw: "GET / HTTP/1.1\r\nHost: a\r\n:\r\n\r\n", .refused(400)),
        StrictRow("TLS", bytes: [0x16, 0x03, 0x01, 0x00, 0x05, 0x01, 0x00, 0x00, 0x01, 0x00, 0x0D, 0x0A], .refused(400)),
    ]

    static let names: [StrictRow] =
        [
            name("space before the colon", "X : y", .refused(400)), name("tab before the colon", "X\t: y", .refused(400)),
            name("empty", ": y", .refused(400)), name("blank", " : y", .refused(400)), name("no colon", "X", .refused(400)),
            name("space within", "X Y: z", .refused(400)), name("parentheses", "X(Y): z", .refused(400)),
            name("slash", "X/Y: z", .refused(400)), name("equals", "X=Y: z", .refused(400)), name("at", "X@Y: z", .refused(400)),
            name("comma", "X,Y: z", .refused(400)), name("semicolon", "X;Y: z", .refused(400)),
            name("quote", "\"X\": z", .refused(400)), name("brackets", "X[0]: z", .refused(400)),
            name("braces", "{X}: z", .refused(400)), name("backslash", "X\\Y: z", .refused(400)),
            name("question mark", "X?: z", .refused(400)), name("less-than", "<X>: z", .refused(400)),
            name("letter of another script", "Ⅹ: z", .refused(400)), name("a request line", "GET /x HTTP/1.1", .refused(400)),
            name("HTTP/2 pseudo-header", ":path: /x", .refused(400)),
            name("every token character", "!#$%&'*+-.^_`|~0aZ: y", forwarded("!#$%&'*+-.^_`|~0aZ: y")),
            name("two colons", "X:: y", forwarded("X:: y")),
        ] + controls("X", ": y")

    static let values: [StrictRow] =
        [
            name("empty", "X:", forwarded("X:")), name("tab within", "X: y\tz", forwarded("X: y\tz")),
            name("no blank before", "X:y", forwarded("X:y")), name("two blanks before", "X:  y", forwarded("X: y")),
            name("tab before", "X:\ty", forwarded("X: y")), name("tab behind", "X: y\t", forwarded("X: y")),
            name("blank behind", "X: y ", forwarded("X: y")), name("only blanks", "X:   ", forwarded("X: ")),
            name("two with blanks", "X:  y \r\nZ:\tz", forwarded("X: y\r\nZ: z")),
            name("obs-text", "X: é", forwarded("X: é")), name("colon", "X: y: z", forwarded("X: y: z")),
            name("looks like a line", "X: y\\r\\nZ: z", forwarded("X: y\\r\\nZ: z")),
            name("percent CRLF", "X: y%0d%0aZ: z", forwarded("X: y%0d%0aZ: z")),
        ] + controls("X: y", "z")

    /// Fields of one connection do not get to the next, and `Connection` cannot take away what the proxy itself relies on.
    static let hops: [StrictRow] = [
        name("Connection lists another", "Connection: X-Drop\r\nX-Drop: 1\r\nX-Keep: 1", forwarded("X-Keep: 1")),
        name("Connection lists Host", "Connection: Host", forwarded()),
        name("Connection lists X-Forwarded-Proto", "Connection: X-Forwarded-Proto", forwarded()),
        name("Connection lists Cookie", "Connection: Cookie\r\nCookie: c", forwarded("Cookie: c")),
        name("Connection lists Authorization", "Connection: Authorization\r\nAuthorization: x", forwarded("Authorization: x")),
        name("Proxy-Connection, Keep-Alive", "Proxy-Connection: keep-alive\r\nKeep-Alive: timeout=5", forwarded()),
        name("Proxy-Authorization", "Proxy-Authorization: Basic eA==", forwarded()),
        name(
            "an upgrade to h2c", "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA",
            forwarded()),
        name("TE", "TE: gzip, trailers", .forwarded("GET / HTTP/1.1\r\nHost: a\r\nte: trailers\r\n\(proto)\r\n\r\n")),
        name("TE of nothing known", "TE: gzip;q=0.5", forwarded()),
    ]

    private static func forwarded(_ line: String? = nil) -> StrictRow.Outcome {
        .forwarded("GET / HTTP/1.1\r\nHost: a\r\n" + (line.map { $0 + "\r\n" } ?? "") + "\(self.proto)\r\n\r\n")
    }

    private static func name(_ name: String, _ line: String, _ outcome: StrictRow.Outcome) -> StrictRow {
        StrictRow(name, "GET / HTTP/1.1", "Host: a", line, then: outcome)
    }

    /// Every control character between two texts of a line, except tab, which a value may hold.
    private static func controls(_ before: String, _ behind: String) -> [StrictRow] {
        (Array(UInt8(0)...0x1F) + [0x7F]).filter { $0 != 0x09 }.map { byte in
            let line = Array(before.utf8) + [byte] + Array(behind.utf8)
            return StrictRow(
                "control character \(byte)", bytes: Array("GET / HTTP/1.1\r\nHost: a\r\n".utf8) + line + Array("\r\n\r\n".utf8),
                .refused(400))
        }
    }

    @Test(arguments: lines) func `a line`(_ row: StrictRow) async throws { try await row.check() }
    @Test(arguments: names) func `a name`(_ row: StrictRow) async throws { try await row.check() }
    @Test(arguments: values) func `a value`(_ row: StrictRow) async throws { try await row.check() }
    @Test(arguments: hops) func `a field of the connection`(_ row: StrictRow) async throws { try await row.check() }
}
