// SPDX-License-Identifier: Apache-2.0

/// Messages of HTTP/2 that would be two, or others, where they go on as HTTP/1.
extension DifferentialCase {
    static let http2Smuggling: [DifferentialCase] =
        Self.smuggledFields.map { .frames("smuggling: \($0)", HTTP2Frames().head($1)) }
        + Self.smuggledTrailers.map { name, value in
            .frames(
                "smuggling: trailer \(name.debugDescription): \(value.debugDescription)",
                HTTP2Frames().head(Self.fields("POST"), ends: false).data("abc", ends: false).head([(name, value)]))
        }
        + [Listener.plain, .upward].flatMap { listener in
            Self.smuggledBodies.map { name, more, body in
                .frames(
                    "smuggling: \(name)", on: listener, HTTP2Frames().head(Self.fields("POST", "/", more), ends: false).data(body))
            }
        }

    private static let split = " HTTP/1.1\r\nHost: a\r\n\r\nGET /hidden"

    private static func pseudo(
        method: String = "GET", scheme: String = "http", authority: String = "a.test", path: String = "/", _ more: Fields = []
    ) -> Fields {
        [(":method", method), (":scheme", scheme), (":authority", authority), (":path", path)] + more
    }

    private static let smuggledFields: [(String, Fields)] =
        [
            ("a request in the method", pseudo(method: "GET /\(split)")), ("CRLF in the method", pseudo(method: "GET\r\nX: y")),
            ("NUL in the method", pseudo(method: "GET\u{0}")), ("a request in the path", pseudo(path: "/\(split)")),
            ("CRLF in the path", pseudo(path: "/\r\nX: y")), ("LF in the path", pseudo(path: "/\nX: y")),
            ("CR in the path", pseudo(path: "/\rX: y")), ("NUL in the path", pseudo(path: "/\u{0}")),
            ("a tab in the path", pseudo(path: "/\tx")), ("a blank before the path", pseudo(path: " /")),
            ("an authority in the path", pseudo(path: "//b.test/x")), ("an at in the path", pseudo(path: "@b.test/")),
            ("a request in the authority", pseudo(authority: "a\(split)")),
            ("CRLF in the authority", pseudo(authority: "a\r\nX: y")),
            ("LF in the authority", pseudo(authority: "a\nX: y")), ("NUL in the authority", pseudo(authority: "a\u{0}b")),
            ("a request in the scheme", pseudo(scheme: "http\(split)")), ("CRLF in the scheme", pseudo(scheme: "http\r\nX: y")),
            ("a target in the scheme", pseudo(scheme: "http://b.test/x?")), ("an empty scheme", pseudo(scheme: "")),
            ("a scheme in capitals", pseudo(scheme: "HTTP")), ("two schemes", pseudo([(":scheme", "https")])),
            ("two authorities", pseudo([(":authority", "b.test")])), ("two equal authorities", pseudo([(":authority", "a.test")])),
            ("two equal paths", pseudo([(":path", "/")])),
            ("two protocols", pseudo(method: "CONNECT", [(":protocol", "a"), (":protocol", "b")])),
            ("a path in capitals", [(":method", "GET"), (":scheme", "http"), (":authority", "a"), (":PATH", "/")]),
            ("a colon alone", pseudo([(":", "1")])), ("a path behind the fields", pseudo([("x", "y"), (":path", "/b")])),
            ("a colon in a name", pseudo([("transfer-encoding: chunked\r\nx", "y")])),
            ("a colon behind a name", pseudo([("transfer-encoding:", "chunked")])),
            ("LF in a name", pseudo([("x\ny", "z")])), ("CR in a name", pseudo([("x\ry", "z")])),
            ("NUL in a name", pseudo([("x\u{0}", "z")])),
            ("a tab in a name", pseudo([("x\t", "z")])), ("a blank behind a name", pseudo([("transfer-encoding ", "chunked")])),
            ("a blank before a name", pseudo([(" host", "b")])), ("DEL in a name", pseudo([("x\u{7f}", "z")])),
            ("a head in a value", pseudo([("x", "y\r\n\r\nGET /hidden HTTP/1.1\r\nhost: a")])),
            ("LFs in a value", pseudo([("x", "y\n\nGET /hidden HTTP/1.1\nhost: a")])),
            ("a CR behind a value", pseudo([("x", "y\r")])),
            ("an LF before a value", pseudo([("x", "\ny")])),
            ("a coding in a value", pseudo([("x", "y\r\ntransfer-encoding: chunked")])),
            ("NUL behind a value", pseudo([("x", "y\u{0}")])), ("CRLF in a cookie", pseudo([("cookie", "a=1\r\nx: y")])),
            ("CRLF in the host", pseudo([("host", "a\r\nx: y")])), ("two hosts", pseudo([("host", "a.test"), ("host", "b.test")])),
            (
                "a host before a different authority",
                [(":method", "GET"), (":scheme", "http"), (":path", "/"), ("host", "a"), (":authority", "b")]
            ),
            ("an empty host", [(":method", "GET"), (":scheme", "http"), (":path", "/"), ("host", "")]),
            ("a coding in capitals", pseudo([("Transfer-Encoding", "chunked")])),
            ("a coding of nothing", pseudo([("transfer-encoding", "")])),
            ("connection names the coding", pseudo([("connection", "transfer-encoding")])),
            ("te of chunks", pseudo([("te", "chunked")])),
            ("te in capitals", pseudo([("te", "Trailers")])), ("te twice", pseudo([("te", "trailers"), ("te", "trailers")])),
            ("an upgrade to h2c", pseudo([("upgrade", "h2c"), ("connection", "upgrade")])),
            ("a WebSocket key", pseudo([("sec-websocket-key", "x")])),
            ("a status", pseudo([(":status", "200")])), ("a length of HEAD", pseudo(method: "HEAD", [("content-length", "5")])),
            ("an underscore in a name", pseudo([("transfer_encoding", "chunked")])),
        ]

    private static let smuggledTrailers = [
        ("transfer-encoding", "chunked"), ("host", "b"), ("authorization", "x"), ("cookie", "a=1"), ("te", "trailers"), ("", "1"),
        ("x t", "1"), ("x:t", "1"), ("x\r\ny", "1"), ("x", "1\ny: 2"), ("x", "\u{0}"),
        ("x", "1\r\n\r\nGET /hidden HTTP/1.1\r\n\r\n"),
        (":status", "200"), (":x", "1"), ("trailer", "x"), ("x-forwarded-for", "1.2.3.4"),
    ]

    private static let smuggledBodies: [(String, Fields, String)] =
        [
            ("two lengths that differ, the first right", [("content-length", "5"), ("content-length", "6")], "hello"),
            ("two lengths that differ, the second right", [("content-length", "6"), ("content-length", "5")], "hello"),
            ("a list of lengths", [("content-length", "5, 5")], "hello"),
            ("a length with a zero before", [("content-length", "05")], "hello"),
            ("a length with blanks", [("content-length", " 5")], "hello"),
            ("a length with CRLF", [("content-length", "5\r\nx: y")], "hello"),
            ("an empty length", [("content-length", "")], "hello"),
            ("a length of 2^64 more", [("content-length", "18446744073709551621")], "hello"),
            ("a hexadecimal length", [("content-length", "0x5")], "hello"),
            ("a negative length", [("content-length", "-5")], "hello"),
            ("a length in capitals", [("Content-Length", "5")], "hello"),
            ("a length of zero and a request", [("content-length", "0")], hidden),
            ("chunks", [], hidden), ("chunks and a coding", [("transfer-encoding", "chunked")], hidden),
            ("chunks and a coding in the value of another", [("x", "y\r\ntransfer-encoding: chunked")], hidden),
            ("a request as the body", [], "GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n"),
            ("a request as the body behind expect", [("expect", "100-continue")], "GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n"),
            ("a request as the body of a length too short", [("content-length", "4")], "GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n"),
        ]
}
