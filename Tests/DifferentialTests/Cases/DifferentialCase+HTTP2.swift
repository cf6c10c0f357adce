// SPDX-License-Identifier: Apache-2.0

/// Requests of HTTP/2 as frames; the upstream speaks HTTP/1.
extension DifferentialCase {
    typealias Fields = [(String, String)]

    /// - Parameter streams: Those that end.
    static func frames(
        _ name: String, on listener: Listener = .plain, streams: Int = 1, _ frames: HTTP2Frames
    ) -> DifferentialCase {
        var test = DifferentialCase("h2: \(name)", on: listener, bytes: frames.bytes, responses: streams)
        test.isHTTP2 = true
        return test
    }

    static func fields(
        _ method: String = "GET", _ path: String = "/", host: String = "a.test", _ more: Fields = []
    ) -> Fields {
        [(":method", method), (":scheme", "http"), (":authority", host), (":path", path)] + more
    }

    private static func head(_ name: String, on listener: Listener = .plain, _ fields: Fields) -> DifferentialCase {
        Self.frames(name, on: listener, HTTP2Frames().head(fields))
    }

    private static func post(
        _ name: String, on listener: Listener = .plain, _ more: Fields = [], body: [String] = ["hello"], trailers: Fields? = nil
    ) -> DifferentialCase {
        var frames = HTTP2Frames().head(Self.fields("POST", "/", more), ends: body.isEmpty && trailers == nil)
        for (index, part) in body.enumerated() { frames = frames.data(part, ends: trailers == nil && index == body.count - 1) }
        if let trailers { frames = frames.head(trailers) }
        return Self.frames(name, on: listener, frames)
    }

    static let http2Heads: [DifferentialCase] =
        ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "FOO", "get", "", "GE T", "G\u{e9}T"].map {
            head("method \($0.debugDescription)", fields($0))
        }
        + [
            "/", "/a", "/a?b=c", "//", "/a#b", "*", "", "a", "/a b", "/\u{e9}", "/a\u{1}", "/%00", "http://b.test/x", "/a|b", "/..",
        ]
        .map { head("path \($0.debugDescription)", fields("GET", $0)) }
        + ["/../a", "/a%2fb", "/%00", "//a", "/a|b"].map {
            head("path \($0), normalized", on: .options, fields("GET", $0))
        }
        + ["a.test:80", "A.TEST", "", "a b", "a/b", "a@b", "u:p@a", "[::1]:80", "a.test:abc", "a,b", "\u{e9}"].map {
            head("authority \($0.debugDescription)", fields("GET", "/", host: $0))
        }
        + [
            head("no method", [(":scheme", "http"), (":authority", "a"), (":path", "/")]),
            head("no scheme", [(":method", "GET"), (":authority", "a"), (":path", "/")]),
            head("no authority", [(":method", "GET"), (":scheme", "http"), (":path", "/")]),
            head("a host and no authority", [(":method", "GET"), (":scheme", "http"), (":path", "/"), ("host", "a")]),
            head("a host and an equal authority", fields("GET", "/", [("host", "a.test")])),
            head("a host and another authority", fields("GET", "/", [("host", "b.test")])),
            head("no path", [(":method", "GET"), (":scheme", "http"), (":authority", "a")]),
            head("two methods", fields() + [(":method", "GET")]),
            head("two paths", [(":method", "GET"), (":scheme", "http"), (":authority", "a"), (":path", "/"), (":path", "/b")]),
            head("an unknown pseudo field", fields() + [(":foo", "x")]),
            head("a status in a request", fields() + [(":status", "200")]),
            head("a pseudo field behind a field", [("x-a", "1")] + fields()),
            head("scheme https", [(":method", "GET"), (":scheme", "https"), (":authority", "a"), (":path", "/")]),
            head("scheme foo", [(":method", "GET"), (":scheme", "foo"), (":authority", "a"), (":path", "/")]),
            head("OPTIONS *", fields("OPTIONS", "*")),
            head("CONNECT", [(":method", "CONNECT"), (":authority", "a.test:80")]),
            head("CONNECT with a path", fields("CONNECT", "/")),
            head("extended CONNECT", fields("CONNECT", "/", [(":protocol", "websocket")])),
            head(
                "extended CONNECT in order",
                [
                    (":method", "CONNECT"), (":protocol", "websocket"), (":scheme", "http"), (":authority", "a.test"),
                    (":path", "/"),
                ]),
            head("protocol with GET", [(":method", "GET"), (":protocol", "websocket")] + fields().dropFirst()),
        ]

    static let http2Fields: [DifferentialCase] =
        [
            ("x-a", "1"), ("X-A", "1"), ("x a", "1"), ("x-a", " 1 "), ("x-a", ""), ("", "1"), ("x-a", "a\u{0}b"), ("x-a", "a\rb"),
            ("x-a", "a\nb"), ("x-a", "a\r\nx-b: 1"), ("x-a\r\nx-b", "1"), ("x-a:", "1"), ("x:a", "1"), ("x-a", "\u{e9}"),
            ("x-\u{e9}", "1"), ("x-a", "a\u{1}b"), ("x-a", "a\tb"), ("x-a", "a\u{7f}b"), ("x_a", "1"), ("connection", "close"),
            ("connection", "keep-alive"),
            ("keep-alive", "timeout=5"), ("proxy-connection", "close"), ("transfer-encoding", "chunked"),
            ("transfer-encoding", "identity"), ("upgrade", "websocket"), ("te", "trailers"), ("te", "gzip"),
            ("te", "trailers, gzip"), ("content-length", "0"), ("content-length", "5"), ("content-length", "-1"),
            ("content-length", "a"), ("cookie", "a=1"), ("expect", "100-continue"), ("x-forwarded-for", "1.2.3.4"),
            ("x-envoy-retry-on", "5xx"), ("grpc-timeout", "1S"), ("content-type", "application/grpc"), ("via", "2 x"),
            ("host", "a.test\r\nx: 1"), ("http2-settings", "AAMAAABkAAQCAAAAAAIAAAAA"), ("trailer", "x-t"),
        ].map { head("field \($0.0.debugDescription): \($0.1.debugDescription)", fields("GET", "/", [$0])) }
        + [
            head("the same field twice", fields("GET", "/", [("x-a", "1"), ("x-a", "2")])),
            head("cookies in crumbs", fields("GET", "/", [("cookie", "a=1"), ("cookie", "b=2"), ("cookie", "c=3")])),
            head("90 fields", fields("GET", "/", (0..<90).map { ("x-\($0)", "v") })),
            head("150 fields", fields("GET", "/", (0..<150).map { ("x-\($0)", "v") })),
            head("more fields than the guard lets through", on: .guarded, fields("GET", "/", (0..<20).map { ("x-\($0)", "v") })),
            head(
                "more bytes than the guard lets through", on: .guarded,
                fields("GET", "/", [("x-a", String(repeating: "a", count: 6000))])),
            head("a field of 8000 bytes", fields("GET", "/", [("x-a", String(repeating: "a", count: 8000))])),
        ]
        + [
            "chunked", "until-close", "trailers", "204", "204-length", "205", "304", "304-length", "404", "503", "599", "hop",
            "server", "early-hints", "continue", "cookies", "upper", "close", "http10",
        ].map {
            head("answer \($0)", fields("GET", "/?answer=\($0)"))
        }
        + ["chunked", "404", "304-length", "trailers"].map { head("answer \($0) to HEAD", fields("HEAD", "/?answer=\($0)")) }
        + ["nothing", "half-head", "truncated", "truncated-chunk", "bad-chunk", "two-lengths", "bad-status", "unasked-101"].map {
            head("broken answer \($0)", fields("GET", "/?answer=\($0)"))
        }
        + ["/direct/204", "/direct/503", "/redirect/host", "/nothing", "/down", "/segment", "/missing"].map {
            head("route \($0)", on: .routes, fields("GET", $0))
        }
        + ["/direct/503", "/nothing", "/down", "/redirect/host"].map {
            head("gRPC to \($0)", on: .routes, fields("POST", $0, [("content-type", "application/grpc"), ("te", "trailers")]))
        }
        + [
            head("denied", on: .guarded, fields("GET", "/admin")),
            head("denied for gRPC", on: .guarded, fields("POST", "/admin", [("content-type", "application/grpc")])),
            head("aborted", on: .guarded, fields("GET", "/x", [("x-break", "1")])),
        ]

    static let http2Bodies: [DifferentialCase] = [
        post("a body"), post("two parts", body: ["hel", "lo"]), post("an empty body", body: [""]),
        post("a body with its length", [("content-length", "5")]),
        post("a length too long", [("content-length", "6")]), post("a length too short", [("content-length", "4")]),
        post("two equal lengths", [("content-length", "5"), ("content-length", "5")]),
        post("two lengths", [("content-length", "5"), ("content-length", "6")]),
        post("a signed length", [("content-length", "+5")]),
        post("a length and no body", [("content-length", "5")], body: []),
        post("trailers", trailers: [("x-t", "1")]), post("empty trailers", trailers: []),
        post("trailers with a pseudo field", trailers: [(":path", "/x")]),
        post("trailers with a connection field", trailers: [("connection", "close")]),
        post("trailers in capitals", trailers: [("X-T", "1")]),
        post("trailers with CR and LF", trailers: [("x-t", "1\r\nx: 1")]),
        post("trailers with a length", trailers: [("content-length", "1")]),
        post("trailers and no body", body: [], trailers: [("x-t", "1")]),
        post("a chunk in the body", body: ["0\r\n\r\nGET /smuggled HTTP/1.1\r\nhost: a\r\n\r\n"]),
        post("a chunk in the body and a coding", [("transfer-encoding", "chunked")], body: ["0\r\n\r\nGET / HTTP/1.1\r\n\r\n"]),
        post("a shorter length and more", [("content-length", "0")], body: ["GET / HTTP/1.1\r\nhost: a\r\n\r\n"]),
        post("expect", [("expect", "100-continue")]),
        post("a body of 40 KiB", body: Array(repeating: String(repeating: "x", count: 10240), count: 4)),
        frames(
            "a padded body",
            HTTP2Frames().head(fields("POST"), ends: false)
                .frame(.data, HTTP2Frames.endStream | HTTP2Frames.padded, on: 1, [3] + Array("hello".utf8) + [0, 0, 0])),
        frames(
            "more padding than frame",
            HTTP2Frames().head(fields("POST"), ends: false).frame(.data, 9, on: 1, [9] + Array("hello".utf8))),
        frames("trailers that do not end", HTTP2Frames().head(fields("POST"), ends: false).head([("x-t", "1")], ends: false)),
        frames("data behind the end", HTTP2Frames().head(fields()).data("x")),
        frames("a head behind the end", HTTP2Frames().head(fields()).head(fields())),
        frames("a body for a local answer", on: .routes, HTTP2Frames().head(fields("POST", "/segment"), ends: false)),
    ]

    static let http2Frames: [DifferentialCase] = [
        frames(
            "three streams", streams: 3,
            HTTP2Frames().head(fields(), on: 1).head(fields("GET", "/b"), on: 3).head(fields("GET", "/c"), on: 5)),
        frames("streams are skipped", streams: 2, HTTP2Frames().head(fields(), on: 1).head(fields(), on: 99)),
        frames("an even stream", HTTP2Frames().head(fields(), on: 2)),
        frames("stream zero", HTTP2Frames().head(fields(), on: 0)),
        frames("a stream goes back", HTTP2Frames().head(fields(), on: 5).head(fields(), on: 3)),
        frames("data on an idle stream", HTTP2Frames().data("x", on: 1)),
        frames("reset of an idle stream", HTTP2Frames().frame(.reset, on: 1, [0, 0, 0, 8])),
        frames("window of an idle stream", HTTP2Frames().frame(.windowUpdate, on: 1, [0, 0, 0, 8])),
        frames("a window of zero", HTTP2Frames().frame(.windowUpdate, on: 0, [0, 0, 0, 0])),
        frames("a window beyond its limit", HTTP2Frames().frame(.windowUpdate, on: 0, [0x7f, 0xff, 0xff, 0xff])),
        frames(
            "a window of zero on a stream",
            HTTP2Frames().head(fields("POST"), ends: false).frame(.windowUpdate, on: 1, [0, 0, 0, 0])),
        frames("a window update of three bytes", HTTP2Frames().frame(.windowUpdate, on: 0, [0, 0, 0])),
        frames("a ping", HTTP2Frames().frame(.ping, on: 0, [1, 2, 3, 4, 5, 6, 7, 8]).head(fields())),
        frames("a ping of seven bytes", HTTP2Frames().frame(.ping, on: 0, [1, 2, 3, 4, 5, 6, 7])),
        frames("a ping on a stream", HTTP2Frames().frame(.ping, on: 1, [1, 2, 3, 4, 5, 6, 7, 8])),
        frames("settings on a stream", HTTP2Frames().frame(.settings, on: 1)),
        frames("settings of five bytes", HTTP2Frames().frame(.settings, on: 0, [0, 0, 0, 0, 0])),
        frames("settings acknowledged with settings", HTTP2Frames().frame(.settings, 1, on: 0, [0, 1, 0, 0, 0, 0])),
        frames("an unknown setting", HTTP2Frames(settings: [(0xff, 1)]).head(fields())),
        frames("push is switched on", HTTP2Frames(settings: [(2, 1)]).head(fields())),
        frames("a push setting of two", HTTP2Frames(settings: [(2, 2)]).head(fields())),
        frames("a window setting beyond its limit", HTTP2Frames(settings: [(4, 0x8000_0000)]).head(fields())),
        frames("a frame size too small", HTTP2Frames(settings: [(5, 100)]).head(fields())),
        frames("a table of size zero", HTTP2Frames(settings: [(1, 0)]).head(fields())),
        frames("no window", streams: 0, HTTP2Frames(settings: [(4, 0)]).head(fields())),
        frames(
            "a window of ten, then more",
            HTTP2Frames(settings: [(4, 10)]).head(fields()).frame(.windowUpdate, on: 1, [0, 0, 0x40, 0])),
        frames("push promise by a client", HTTP2Frames().frame(.pushPromise, 4, on: 1, [0, 0, 0, 2])),
        frames("an unknown frame", HTTP2Frames().frame(number: 0x42, on: 0, [1, 2, 3]).head(fields())),
        frames(
            "an unknown frame in a head",
            HTTP2Frames().frame(.headers, 0, on: 1, HTTP2Frames.block(fields())).frame(number: 0x42, on: 1)),
        frames("a priority", HTTP2Frames().frame(.priority, on: 3, [0, 0, 0, 1, 16]).head(fields())),
        frames("a priority of four bytes", HTTP2Frames().frame(.priority, on: 3, [0, 0, 0, 1])),
        frames("a stream that depends on itself", HTTP2Frames().frame(.priority, on: 3, [0, 0, 0, 3, 16]).head(fields())),
        frames(
            "a head with a priority",
            HTTP2Frames().frame(.headers, 0x25, on: 1, [0, 0, 0, 0, 15] + HTTP2Frames.block(fields()))),
        frames(
            "a head in three frames",
            HTTP2Frames().frame(.headers, 1, on: 1, HTTP2Frames.block(Array(fields().prefix(2))))
                .frame(.continuation, on: 1, HTTP2Frames.block(Array(fields().dropFirst(2))))
                .frame(.continuation, 4, on: 1, HTTP2Frames.block([("x-a", "1")]))),
        frames("a continuation of nothing", HTTP2Frames().frame(.continuation, 4, on: 1, HTTP2Frames.block(fields()))),
        frames(
            "a continuation of another stream",
            HTTP2Frames().frame(.headers, 1, on: 1, HTTP2Frames.block(fields())).frame(.continuation, 4, on: 3)),
        frames("a head that is no HPACK", HTTP2Frames().frame(.headers, 5, on: 1, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff])),
        frames("an index of zero", HTTP2Frames().frame(.headers, 5, on: 1, [0x80])),
        frames(
            "a frame of 16385 bytes",
            HTTP2Frames().head(fields("POST"), ends: false).frame(.data, 1, on: 1, Array(repeating: 120, count: 16385))),
        frames("a reset", streams: 0, HTTP2Frames().head(fields("POST"), ends: false).frame(.reset, on: 1, [0, 0, 0, 8])),
        frames("a reset of three bytes", HTTP2Frames().head(fields("POST"), ends: false).frame(.reset, on: 1, [0, 0, 8])),
        frames(
            "a reset and another",
            HTTP2Frames().head(fields("POST"), ends: false).frame(.reset, on: 1, [0, 0, 0, 8]).head(fields(), on: 3)),
        frames("goaway", streams: 1, HTTP2Frames().head(fields()).frame(.goAway, on: 0, [0, 0, 0, 0, 0, 0, 0, 0])),
        frames("goaway on a stream", HTTP2Frames().frame(.goAway, on: 1, [0, 0, 0, 0, 0, 0, 0, 0])),
        frames("no settings", HTTP2Frames(bare: Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)).head(fields())),
        frames("half a preface", streams: 0, HTTP2Frames(bare: Array("PRI * HTTP/2.0\r\n\r\n".utf8))),
        frames("a preface and HTTP/1", HTTP2Frames(bare: Array("PRI * HTTP/2.0\r\n\r\nGET / HTTP/1.1\r\n\r\n".utf8))),
        frames("an upgrade to h2c", HTTP2Frames(bare: Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nGET / HTTP/1.1\r\n\r\n".utf8))),
    ]
}
