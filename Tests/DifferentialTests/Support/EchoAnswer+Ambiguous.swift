// SPDX-License-Identifier: Apache-2.0

/// Answers that end in one place for one reader and in another for the next, with another answer behind them.
extension EchoAnswer {
    private static let hidden = "HTTP/1.1 200 OK\r\nx-hidden: 1\r\ncontent-length: 0\r\n\r\n"

    private static func lines(_ lines: String, _ body: String) -> String { "HTTP/1.1 200 OK\r\n\(lines)\r\n\r\n\(body)" }

    private static func coded(_ line: String) -> String { Self.lines(line, "2\r\nab\r\n0\r\n\r\n") }

    private static func chunked(_ body: String) -> String { Self.lines("transfer-encoding: chunked", body) }

    static let ambiguous: [String: String] = [
        "coding-blank-before-colon": Self.coded("transfer-encoding : chunked"),
        "coding-tab": Self.coded("transfer-encoding:\tchunked"),
        "coding-vertical-tab": Self.coded("transfer-encoding: \u{b}chunked"),
        "coding-nul": Self.coded("transfer-encoding: chunked\u{0}"),
        "coding-unknown": Self.coded("transfer-encoding: xchunked"),
        "coding-twice": Self.coded("transfer-encoding: chunked\r\ntransfer-encoding: chunked"),
        "coding-list": Self.coded("transfer-encoding: chunked, chunked"),
        "coding-identity": Self.coded("transfer-encoding: identity"),
        "coding-identity-behind": Self.coded("transfer-encoding: chunked, identity"),
        "coding-gzip-before": Self.coded("transfer-encoding: gzip, chunked"),
        "coding-empty": Self.coded("transfer-encoding:"),
        "coding-fold": Self.coded("transfer-encoding:\r\n chunked"),
        "coding-bare-lf": Self.coded("x: y\ntransfer-encoding: chunked"),
        "coding-bare-cr": Self.coded("x: y\rtransfer-encoding: chunked"),
        "coding-http10": "HTTP/1.0 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n",
        "coding-before-length": Self.coded("transfer-encoding: chunked\r\ncontent-length: 2"),
        "coding-204": "HTTP/1.1 204 No Content\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n",
        "coding-304": "HTTP/1.1 304 Not Modified\r\ntransfer-encoding: chunked\r\n\r\n",
        "length-negative": Self.lines("content-length: -2", "ab"),
        "length-hexadecimal": Self.lines("content-length: 0x2", "ab"),
        "length-empty": Self.lines("content-length:", "ab"),
        "length-blank": Self.lines("content-length: 2 2", "ab"),
        "length-word": Self.lines("content-length: two", "ab"),
        "length-great": Self.lines("content-length: 18446744073709551618", "ab"),
        "length-zero-before": Self.lines("content-length: 02", "ab"),
        "length-blank-before-colon": Self.lines("content-length : 2", "ab"),
        "length-fold": Self.lines("content-length:\r\n 2", "ab"),
        "length-204": "HTTP/1.1 204 No Content\r\ncontent-length: 2\r\n\r\nab",
        "length-100": "HTTP/1.1 100 Continue\r\ncontent-length: 2\r\n\r\nabHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
        "length-101-unasked": "HTTP/1.1 101 Switching Protocols\r\ncontent-length: 2\r\n\r\nab",
        "two-answers": Self.lines("content-length: 2", "ab" + Self.hidden),
        "two-answers-204": "HTTP/1.1 204 No Content\r\n\r\n" + Self.hidden,
        "two-answers-304": "HTTP/1.1 304 Not Modified\r\n\r\n" + Self.hidden,
        "two-answers-chunked": Self.chunked("0\r\n\r\n" + Self.hidden),
        "chunk-bare-lf": Self.chunked("2\nab\n0\n\n"),
        "chunk-extension-lf": Self.chunked("2;a\nb\r\nab\r\n0\r\n\r\n"),
        "chunk-extension": Self.chunked("2;a=b\r\nab\r\n0;c\r\n\r\n"),
        "chunk-great": Self.chunked("10000000000000002\r\nab\r\n0\r\n\r\n"),
        "chunk-signed": Self.chunked("+2\r\nab\r\n0\r\n\r\n"),
        "chunk-blank": Self.chunked("2 \r\nab\r\n0\r\n\r\n"),
        "chunk-0x": Self.chunked("0x2\r\nab\r\n0\r\n\r\n"),
        "chunk-too-long": Self.chunked("2\r\nabcd\r\n0\r\n\r\n"),
        "chunk-trailer-length": Self.chunked("2\r\nab\r\n0\r\ncontent-length: 7\r\n\r\n"),
        "chunk-trailer-bad": Self.chunked("2\r\nab\r\n0\r\nbad trailer\r\n\r\n"),
        "value-nul": Self.lines("x: y\u{0}z\r\ncontent-length: 0", ""),
        "value-bare-cr": Self.lines("x: y\rz\r\ncontent-length: 0", ""),
        "value-bare-lf": Self.lines("x: y\nz: a\r\ncontent-length: 0", ""),
        "value-control": Self.lines("x: y\u{1}z\r\ncontent-length: 0", ""),
        "value-above-ascii": Self.lines("x: \u{e9}\r\ncontent-length: 0", ""),
        "name-nul": Self.lines("x\u{0}: y\r\ncontent-length: 0", ""),
        "name-empty": Self.lines(": y\r\ncontent-length: 0", ""),
        "name-pseudo": Self.lines(":status: 404\r\ncontent-length: 0", ""),
        "name-bracket": Self.lines("x(y: z\r\ncontent-length: 0", ""),
        "status-two-digits": "HTTP/1.1 20 OK\r\ncontent-length: 0\r\n\r\n",
        "status-four-digits": "HTTP/1.1 2000 OK\r\ncontent-length: 0\r\n\r\n",
        "status-zero": "HTTP/1.1 000 OK\r\ncontent-length: 0\r\n\r\n",
        "status-negative": "HTTP/1.1 -200 OK\r\ncontent-length: 0\r\n\r\n",
        "status-two-blanks": "HTTP/1.1  200 OK\r\ncontent-length: 0\r\n\r\n",
        "status-199": "HTTP/1.1 199 Odd\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
        "reason-tab": "HTTP/1.1 200 O\tK\r\ncontent-length: 0\r\n\r\n",
        "reason-nul": "HTTP/1.1 200 O\u{0}K\r\ncontent-length: 0\r\n\r\n",
        "reason-cr": "HTTP/1.1 200 O\rK\r\ncontent-length: 0\r\n\r\n",
        "empty-lines-before": "\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
        "lower-case-version": "http/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
    ]
}
