// SPDX-License-Identifier: Apache-2.0
import MeshTestKit
import Proxy
import Testing

/// What HTTP/2 carries as a field becomes a line of HTTP/1: whatever could become more than one, or frame it otherwise, is refused.
@Suite(.serialized, .timeLimit(.minutes(3))) struct HTTP2ToHTTP1Tests {
    struct Row: CustomTestStringConvertible, Sendable {
        enum Outcome: Sendable {
            /// The stream is reset with PROTOCOL_ERROR; the upstream has seen no byte of it.
            case reset
            /// It gets this answer from the proxy; the upstream has seen no byte of it.
            case answered(Int)
            /// The upstream gets exactly this.
            case forwarded(String)
            /// The stream is reset, and no whole message of it reaches the upstream.
            case cut
            /// The connection ends with this code.
            case goAway(Int)
        }

        var name: String
        var fields: [(String, String)]
        var body: String?
        var trailers: [(String, String)]?
        var outcome: Outcome
        var testDescription: String { self.name }
    }

    private static let pseudo = [(":method", "POST"), (":scheme", "http"), (":authority", "a"), (":path", "/")]
    private static let proto = "x-forwarded-proto: http"
    private static let smuggled = "\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: b\r\n\r\n"

    /// With one more field.
    private static func with(_ name: String, _ field: (String, String), _ outcome: Row.Outcome = .reset) -> Row {
        Row(name: name, fields: self.pseudo + [field], outcome: outcome)
    }

    /// With another value of a pseudo-header field; nil: without it.
    private static func pseudo(_ name: String, _ field: String, _ value: String?, _ outcome: Row.Outcome = .reset) -> Row {
        let fields = self.pseudo.compactMap { own -> (String, String)? in
            guard own.0 == field else { return own }
            return value.map { (field, $0) }
        }
        return Row(name: name, fields: fields, outcome: outcome)
    }

    private static func forwarded(_ lines: String..., start: String = "POST /") -> Row.Outcome {
        .forwarded("\(start) HTTP/1.1\r\n" + lines.map { $0 + "\r\n" }.joined() + "content-length: 0\r\n\r\n")
    }

    static let names: [Row] =
        [
            with("CRLF and a field", ("x: y\r\ntransfer-encoding", "chunked")),
            with("CRLF and a request", ("x" + smuggled, "y")), with("LF", ("x\ny", "z")), with("CR", ("x\ry", "z")),
            with("colon", ("x: y", "z")), with("colon behind", ("x:", "z")), with("colon and CRLF", ("host: b\r\nx", "y")),
            with("space", ("x y", "z")), with("space behind", ("transfer-encoding ", "chunked")),
            with("space before", (" transfer-encoding", "chunked")), with("tab", ("x\ty", "z")), with("empty", ("", "z")),
            with("upper case", ("X-Y", "z")), with("upper-case framing", ("Content-Length", "0")),
            with("upper-case coding", ("Transfer-Encoding", "chunked")), with("another script", ("é", "z")),
            with("parenthesis", ("x(", "z")), with("slash", ("x/y", "z")), with("only a colon", (":", "z")),
            with("a request line", ("get / http/1.1", "z")),
        ]
        + (Array(UInt8(0)...0x20) + [0x7F]).map { byte in
            with("byte \(byte)", ("x" + String(UnicodeScalar(byte)) + "y", "z"))
        }

    static let values: [Row] =
        [
            with("CRLF and a field", ("x", "y\r\ntransfer-encoding: chunked")), with("CRLF and a request", ("x", "y" + smuggled)),
            with("CRLF at the end", ("x", "y\r\n")), with("fold", ("x", "y\r\n z")), with("space before", ("x", " y")),
            with("space behind", ("x", "y ")), with("tab before", ("x", "\ty")), with("tab behind", ("x", "y\t")),
            with("tab within", ("x", "y\tz"), forwarded("x: y\tz", "host: a", proto)),
            with("empty", ("x", ""), forwarded("x: ", "host: a", proto)),
            with("another script", ("x", "é"), forwarded("x: é", "host: a", proto)),
            with("colon", ("x", "y: z"), forwarded("x: y: z", "host: a", proto)),
        ]
        + (Array(UInt8(0)...0x1F) + [0x7F]).filter { $0 != 9 }.map { byte in
            with("byte \(byte)", ("x", "y" + String(UnicodeScalar(byte)) + "z"))
        }

    static let pseudoFields: [Row] = [
        pseudo("no :method", ":method", nil), pseudo("no :scheme", ":scheme", nil), pseudo("no :path", ":path", nil),
        pseudo("no :authority and no host", ":authority", nil, .answered(400)),
        pseudo("empty :method", ":method", ""), pseudo("lower-case :method", ":method", "post"),
        pseudo("space in :method", ":method", "GET /x HTTP/1.1"),
        pseudo("CRLF in :method", ":method", "GET / HTTP/1.1\r\nX: y\r\n"),
        pseudo("NUL in :method", ":method", "GE\0T"), pseudo("colon in :method", ":method", "GET:"),
        pseudo("empty :path", ":path", ""), pseudo("relative :path", ":path", "a"), pseudo("asterisk with POST", ":path", "*"),
        pseudo("absolute :path", ":path", "http://b/x"), pseudo("space in :path", ":path", "/a b"),
        pseudo("a version in :path", ":path", "/a HTTP/1.1"),
        pseudo("CRLF in :path", ":path", "/a HTTP/1.1\r\nTransfer-Encoding: chunked\r\nX: "),
        pseudo("LF in :path", ":path", "/a\n"), pseudo("tab in :path", ":path", "/a\tb"), pseudo("NUL in :path", ":path", "/\0"),
        pseudo("fragment in :path", ":path", "/a#b"), pseudo("fragment in a query", ":path", "/a?b#c"),
        pseudo("another script in :path", ":path", "/é"), pseudo("DEL in :path", ":path", "/\u{7F}"),
        pseudo("query", ":path", "/a?b", forwarded("host: a", proto, start: "POST /a?b")),
        pseudo("empty :scheme", ":scheme", ""), pseudo("another :scheme", ":scheme", "ftp"),
        pseudo("a request in :scheme", ":scheme", "http://b/x HTTP/1.1\r\nX: "),
        pseudo(":scheme in capitals", ":scheme", "HTTPS", forwarded("host: a", proto, start: "POST /")),
        pseudo("a host in :scheme", ":scheme", "http://b/?"),
        pseudo("space in :authority", ":authority", "a b"), pseudo("path in :authority", ":authority", "a/b"),
        pseudo("user information in :authority", ":authority", "u@a"), pseudo("CRLF in :authority", ":authority", "a\r\nX: y"),
        pseudo("fragment in :authority", ":authority", "a#b"), pseudo("two ports in :authority", ":authority", "a:1:2"),
        pseudo("empty :authority", ":authority", "", .answered(400)),
        with("unknown", (":x", "y")), with(":status", (":status", "200")),
        with(":protocol without CONNECT", (":protocol", "websocket")),
        with("second :path", (":path", "/b")), with("second :method", (":method", "GET")),
        with("second :authority", (":authority", "a")),
        with("second :scheme", (":scheme", "http")),
        Row(name: "late :path", fields: [pseudo[0], pseudo[1], pseudo[2], ("x", "y"), pseudo[3]], outcome: .reset),
        Row(name: "late :authority", fields: [pseudo[0], pseudo[1], pseudo[3], ("x", "y"), pseudo[2]], outcome: .reset),
        Row(name: "CONNECT with :path", fields: [(":method", "CONNECT"), (":authority", "a:1"), (":path", "/")], outcome: .reset),
        Row(
            name: "CONNECT with :scheme", fields: [(":method", "CONNECT"), (":authority", "a:1"), (":scheme", "http")],
            outcome: .reset),
        Row(name: "CONNECT without :authority", fields: [(":method", "CONNECT")], outcome: .reset),
        Row(name: "none at all", fields: [("x", "y")], outcome: .reset), Row(name: "no field", fields: [], outcome: .reset),
    ]

    static let fields: [Row] = [
        with("transfer-encoding", ("transfer-encoding", "chunked")),
        with("transfer-encoding, unknown", ("transfer-encoding", "cow")),
        with("connection", ("connection", "close")), with("connection that lists", ("connection", "host")),
        with("keep-alive", ("keep-alive", "timeout=5")), with("proxy-connection", ("proxy-connection", "close")),
        with("upgrade", ("upgrade", "websocket")), with("te", ("te", "gzip")), with("te with more", ("te", "trailers, gzip")),
        with("te: trailers", ("te", "trailers"), forwarded("host: a", "te: trailers", proto)),
        with("host that differs", ("host", "b")), with("host with a port that :authority has not", ("host", "a:80")),
        with("the same host", ("host", "a"), forwarded("host: a", proto)),
        Row(name: "two hosts", fields: pseudo + [("host", "a"), ("host", "a")], outcome: .reset),
        Row(
            name: "host without :authority", fields: [pseudo[0], pseudo[1], pseudo[3], ("host", "b")],
            outcome: forwarded("host: b", proto)),
        Row(name: "empty host without :authority", fields: [pseudo[0], pseudo[1], pseudo[3], ("host", "")], outcome: .reset),
        Row(name: "bad host without :authority", fields: [pseudo[0], pseudo[1], pseudo[3], ("host", "b/c")], outcome: .reset),
        Row(
            name: "crumbs of a cookie", fields: pseudo + [("cookie", "a=1"), ("cookie", "b=2")],
            outcome: forwarded("host: a", "cookie: a=1; b=2", proto)),
        with("http2-settings", ("http2-settings", "AAMAAABk"), forwarded("host: a", proto)),
        with("proxy-authorization", ("proxy-authorization", "Basic eA=="), forwarded("host: a", proto)),
    ]

    private static func sized(
        _ name: String, _ lengths: String..., body: String?, trailers: [(String, String)]? = nil, _ outcome: Row.Outcome
    ) -> Row {
        Row(
            name: name, fields: self.pseudo + lengths.map { ("content-length", $0) }, body: body, trailers: trailers,
            outcome: outcome)
    }

    private static let chunked = "POST / HTTP/1.1\r\nhost: a\r\n\(proto)\r\ntransfer-encoding: chunked\r\n\r\n"

    static let bodies: [Row] = [
        sized(
            "as long as it says", "3", body: "abc",
            .forwarded("POST / HTTP/1.1\r\ncontent-length: 3\r\nhost: a\r\n\(proto)\r\n\r\nabc")),
        sized("longer", "3", body: "abcGET /smuggled HTTP/1.1\r\n\r\n", .cut), sized("shorter", "30", body: "abc", .cut),
        sized("one where there is none", "3", body: nil, .reset),
        sized("two", "3", "4", body: "abc", .reset), sized("two alike", "3", "3", body: "abc", .reset),
        sized("list", "3,3", body: "abc", .reset), sized("plus", "+3", body: "abc", .reset),
        sized("minus", "-3", body: "abc", .reset),
        sized("hexadecimal", "0x3", body: "abc", .reset), sized("empty", "", body: "abc", .reset),
        sized("too large", "18446744073709551619", body: "abc", .reset), sized("blank", "3 ", body: "abc", .reset),
        sized("unsaid", body: "abc", .forwarded(chunked + "3\r\nabc\r\n0\r\n\r\n")),
        sized("that looks like an end", body: "0\r\n\r\nGET", .forwarded(chunked + "8\r\n0\r\n\r\nGET\r\n0\r\n\r\n")),
        sized("with trailers", body: "abc", trailers: [("x", "y")], .forwarded(chunked + "3\r\nabc\r\n0\r\nx: y\r\n\r\n")),
        sized(
            "with trailers that frame, route and authenticate", body: "abc",
            trailers: [("content-length", "9"), ("host", "b"), ("authorization", "me"), ("cookie", "c"), ("x", "y")],
            .forwarded(chunked + "3\r\nabc\r\n0\r\nx: y\r\n\r\n")),
        sized("with a coding for a trailer", body: "abc", trailers: [("transfer-encoding", "chunked")], .cut),
        sized("with a pseudo-header for a trailer", body: "abc", trailers: [(":path", "/b")], .cut),
        sized("with CRLF in a trailer", body: "abc", trailers: [("x", "y" + smuggled)], .cut),
        sized("with CRLF in a trailer's name", body: "abc", trailers: [("x: y\r\nz", "y")], .cut),
        sized("with upper case in a trailer", body: "abc", trailers: [("X", "y")], .cut),
    ]

    @Test(arguments: names) func `a name`(_ row: Row) async throws { try await Self.check(row) }
    @Test(arguments: values) func `a value`(_ row: Row) async throws { try await Self.check(row) }
    @Test(arguments: pseudoFields) func `a pseudo-header field`(_ row: Row) async throws { try await Self.check(row) }
    @Test(arguments: fields) func `a field`(_ row: Row) async throws { try await Self.check(row) }
    @Test(arguments: bodies) func `a body`(_ row: Row) async throws { try await Self.check(row) }

    private static func check(_ row: Row) async throws {
        let harness = try await ProxyHarness()
        let upstream = try await RecordingUpstream(group: harness.group)
        try await harness.proxy.apply(StrictRow.snapshot(port: upstream.port))
        let client = try await RawHTTP2(port: harness.port)
        try await client.send(RawHTTP2.headers(row.fields, stream: 1, ends: row.body == nil))
        if let body = row.body {
            if case .cut = row.outcome {
                try await waitUntil("the head", within: .seconds(10)) { upstream.record.text.contains("\r\n\r\n") }
            }
            try await client.send(
                RawHTTP2.frame(0, flags: row.trailers == nil ? 1 : 0, stream: 1, payload: Array(body.utf8)))
            if let trailers = row.trailers { try await client.send(RawHTTP2.headers(trailers, stream: 1)) }
        }
        let ending = await client.ending(of: 1)
        var before = ""
        switch row.outcome {
        case .reset: #expect(ending == .reset(1))
        case .answered(let status): #expect(ending == .status(status))
        case .goAway(let code): #expect(ending == .goAway(code))
        case .cut:
            #expect(ending == .reset(1))
            #expect(upstream.record.messages == 0)
            try await waitUntil("the upstream's connection to close", within: .seconds(10)) { upstream.record.openConnections == 0 }
            before = upstream.record.text
        case .forwarded(let text):
            #expect(ending == .status(200))
            before = text
        }
        if case .goAway = row.outcome { return try await harness.stop() }
        // The connection is as good as before.
        let probe = [(":method", "GET"), (":scheme", "http"), (":authority", "probe"), (":path", "/probe")]
        try await client.send(RawHTTP2.headers(probe, stream: 3))
        #expect(await client.ending(of: 3) == .status(200))
        #expect(upstream.record.text == before + "GET /probe HTTP/1.1\r\nhost: probe\r\n\(self.proto)\r\n\r\n")
        await client.connection.close()
        try await harness.stop()
    }
}
