// SPDX-License-Identifier: Apache-2.0
import Testing

/// Where a message ends: lengths and transfer codings that two parties read in two ways.
@Suite(.serialized, .timeLimit(.minutes(3))) struct FramingTests {
    private static let chunked = "transfer-encoding: chunked"
    /// Said of a request without a body, whose method is used to one.
    private static let empty = "content-length: 0"
    private static let proto = "x-forwarded-proto: http"

    static let both: [StrictRow] = [
        .post("CL.TE", "Content-Length: 6", "Transfer-Encoding: chunked", body: "0\r\n\r\nX", then: .refused(400)),
        .post("TE.CL", "Transfer-Encoding: chunked", "Content-Length: 3", body: "8\r\nSMUGGLED\r\n0\r\n\r\n", then: .refused(400)),
        .post("CL.0", "Content-Length: 0", "Transfer-Encoding: chunked", body: "0\r\n\r\n", then: .refused(400)),
        .post(
            "CL and TE of another case", "content-length: 6", "TRANSFER-ENCODING: CHUNKED", body: "0\r\n\r\nX", then: .refused(400)),
        .post("CL and an unknown TE", "Content-Length: 6", "Transfer-Encoding: cow", body: "abcdef", then: .refused(400)),
        .post("CL and an empty TE", "Content-Length: 6", "Transfer-Encoding:", body: "abcdef", then: .refused(400)),
        .post("a bad CL and TE", "Content-Length: x", "Transfer-Encoding: chunked", body: "0\r\n\r\n", then: .refused(400)),
        .post("two CL and TE", "Content-Length: 5", "Content-Length: 5", "Transfer-Encoding: chunked", then: .refused(400)),
        .post(
            "a TE that Connection lists, with CL", "Connection: Transfer-Encoding", "Transfer-Encoding: chunked",
            "Content-Length: 6", body: "0\r\n\r\nX", then: .refused(400)),
    ]

    static let codings: [StrictRow] = [
        .post("upper case", "Transfer-Encoding: CHUNKED", body: "0\r\n\r\n", then: posted(proto, chunked, body: "0\r\n\r\n")),
        .post(
            "mixed case in name", "tRANSFER-eNCODING: chunked", body: "0\r\n\r\n", then: posted(proto, chunked, body: "0\r\n\r\n")),
        .post("no space", "Transfer-Encoding:chunked", body: "0\r\n\r\n", then: posted(proto, chunked, body: "0\r\n\r\n")),
        .post(
            "spaces around", "Transfer-Encoding:   chunked  ", body: "0\r\n\r\n", then: posted(proto, chunked, body: "0\r\n\r\n")),
        .post("tabs around", "Transfer-Encoding:\tchunked\t", body: "0\r\n\r\n", then: posted(proto, chunked, body: "0\r\n\r\n")),
        .post("vertical tab before", "Transfer-Encoding: \u{0B}chunked", body: "0\r\n\r\n", then: .refused(400)),
        .post("vertical tab behind", "Transfer-Encoding: chunked\u{0B}", body: "0\r\n\r\n", then: .refused(400)),
        .post("form feed before", "Transfer-Encoding: \u{0C}chunked", body: "0\r\n\r\n", then: .refused(400)),
        .post("NUL behind", "Transfer-Encoding: chunked\0", body: "0\r\n\r\n", then: .refused(400)),
        .post("DEL behind", "Transfer-Encoding: chunked\u{7F}", body: "0\r\n\r\n", then: .refused(400)),
        .post("no-break space", "Transfer-Encoding: \u{A0}chunked", body: "0\r\n\r\n", then: .refused(501)),
        .post("double quotes", "Transfer-Encoding: \"chunked\"", body: "0\r\n\r\n", then: .refused(501)),
        .post("single quotes", "Transfer-Encoding: 'chunked'", body: "0\r\n\r\n", then: .refused(501)),
        .post("list with identity first", "Transfer-Encoding: identity, chunked", body: "0\r\n\r\n", then: .refused(501)),
        .post("list with identity last", "Transfer-Encoding: chunked, identity", body: "0\r\n\r\n", then: .refused(501)),
        .post("list with gzip", "Transfer-Encoding: gzip, chunked", body: "0\r\n\r\n", then: .refused(501)),
        .post("chunked twice in a list", "Transfer-Encoding: chunked, chunked", body: "0\r\n\r\n", then: .refused(501)),
        .post("list with an empty member", "Transfer-Encoding: ,chunked", body: "0\r\n\r\n", then: .refused(501)),
        .post("list that ends in a comma", "Transfer-Encoding: chunked,", body: "0\r\n\r\n", then: .refused(501)),
        .post("parameter", "Transfer-Encoding: chunked;q=1", body: "0\r\n\r\n", then: .refused(501)),
        .post("semicolon", "Transfer-Encoding: chunked;", body: "0\r\n\r\n", then: .refused(501)),
        .post("prefix", "Transfer-Encoding: chunk", body: "0\r\n\r\n", then: .refused(501)),
        .post("x before", "Transfer-Encoding: xchunked", body: "0\r\n\r\n", then: .refused(501)),
        .post("x behind", "Transfer-Encoding: chunkedx", body: "0\r\n\r\n", then: .refused(501)),
        .post("a blank within", "Transfer-Encoding: chun ked", body: "0\r\n\r\n", then: .refused(501)),
        .post("identity", "Transfer-Encoding: identity", body: "0\r\n\r\n", then: .refused(501)),
        .post("deflate", "Transfer-Encoding: deflate", body: "0\r\n\r\n", then: .refused(501)),
        .post("nothing", "Transfer-Encoding:", body: "0\r\n\r\n", then: .refused(501)),
        .post("two of them", "Transfer-Encoding: chunked", "Transfer-Encoding: chunked", body: "0\r\n\r\n", then: .refused(501)),
        .post("chunked, then identity", "Transfer-Encoding: chunked", "Transfer-Encoding: identity", then: .refused(501)),
        .post("identity, then chunked", "Transfer-Encoding: identity", "Transfer-encoding: chunked", then: .refused(501)),
        .post("a cow, then chunked", "Transfer-Encoding: cow", "Transfer-Encoding: chunked", then: .refused(501)),
        .post("underscore: another header", "Transfer_Encoding: chunked", then: posted("Transfer_Encoding: chunked", proto, empty)),
        .post(
            "X- before: another header", "X-Transfer-Encoding: chunked", then: posted("X-Transfer-Encoding: chunked", proto, empty)),
        .post("space before the colon", "Transfer-Encoding : chunked", body: "0\r\n\r\n", then: .refused(400)),
        .post("tab before the colon", "Transfer-Encoding\t: chunked", body: "0\r\n\r\n", then: .refused(400)),
        .post("vertical tab before the colon", "Transfer-Encoding\u{0B}: chunked", body: "0\r\n\r\n", then: .refused(400)),
        .post("space before the name", " Transfer-Encoding: chunked", body: "0\r\n\r\n", then: .refused(400)),
        .post("fold before the value", "Transfer-Encoding:\r\n chunked", body: "0\r\n\r\n", then: .refused(400)),
        .post("fold by tab", "Transfer-Encoding: chunked\r\n\t, identity", body: "0\r\n\r\n", then: .refused(400)),
        .post("fold behind another", "X: y\r\n Transfer-Encoding: chunked", body: "0\r\n\r\n", then: .refused(400)),
        .post("behind a bare LF", "X: y\nTransfer-Encoding: chunked", body: "0\r\n\r\n", then: .refused(400)),
        .post("behind a bare CR", "X: y\rTransfer-Encoding: chunked", body: "0\r\n\r\n", then: .refused(400)),
        .post("behind LF CR", "X: y\n\rTransfer-Encoding: chunked", body: "0\r\n\r\n", then: .refused(400)),
        .post("behind CR CR LF", "X: y\r\r\nTransfer-Encoding: chunked", body: "0\r\n\r\n", then: .refused(400)),
        .post(
            "behind NEL", "X: y\u{85}Transfer-Encoding: chunked", then: posted("X: y\u{85}Transfer-Encoding: chunked", proto, empty)
        ),
        StrictRow("HTTP/1.0", "POST / HTTP/1.0", "Host: a", "Transfer-Encoding: chunked", body: "0\r\n\r\n", then: .refused(400)),
        StrictRow(
            "HTTP/1.0 kept alive", "POST / HTTP/1.0", "Host: a", "Connection: keep-alive", "Transfer-Encoding: chunked",
            body: "0\r\n\r\n", then: .refused(400)),
        StrictRow(
            "GET with a body", "GET / HTTP/1.1", "Host: a", "Transfer-Encoding: chunked", body: "1\r\na\r\n0\r\n\r\n",
            then: .forwarded("GET / HTTP/1.1\r\nHost: a\r\n\(proto)\r\n\(chunked)\r\n\r\n1\r\na\r\n0\r\n\r\n")),
    ]

    static let lengths: [StrictRow] = [
        .post("good", "Content-Length: 3", body: "abc", then: posted("Content-Length: 3", proto, body: "abc")),
        .post("leading zeros", "Content-Length: 0003", body: "abc", then: posted("Content-Length: 0003", proto, body: "abc")),
        .post("tabs around", "Content-Length:\t3 \t", body: "abc", then: posted("Content-Length: 3", proto, body: "abc")),
        .post("blanks behind", "Content-Length:3  ", body: "abc", then: posted("Content-Length: 3", proto, body: "abc")),
        .post("zero", "Content-Length: 0", then: posted("Content-Length: 0", proto)),
        .post("two that differ", "Content-Length: 3", "Content-Length: 4", body: "abc", then: .refused(400)),
        .post("two the other way", "Content-Length: 4", "Content-Length: 3", body: "abc", then: .refused(400)),
        .post("two alike", "Content-Length: 3", "Content-Length: 3", body: "abc", then: .refused(400)),
        .post("two alike of different case", "Content-Length: 3", "content-length: 3", body: "abc", then: .refused(400)),
        .post("list", "Content-Length: 3, 4", body: "abc", then: .refused(400)),
        .post("list of one length", "Content-Length: 3, 3", body: "abc", then: .refused(400)),
        .post("comma behind", "Content-Length: 3,", body: "abc", then: .refused(400)),
        .post("plus", "Content-Length: +3", body: "abc", then: .refused(400)),
        .post("minus", "Content-Length: -3", body: "abc", then: .refused(400)),
        .post("minus zero", "Content-Length: -0", then: .refused(400)),
        .post("hexadecimal", "Content-Length: 0x3", body: "abc", then: .refused(400)),
        .post("hexadecimal digits", "Content-Length: a", body: "abc", then: .refused(400)),
        .post("exponent", "Content-Length: 3e0", body: "abc", then: .refused(400)),
        .post("fraction", "Content-Length: 3.0", body: "abc", then: .refused(400)),
        .post("underscore", "Content-Length: 1_0", body: "abc", then: .refused(400)),
        .post("blank within", "Content-Length: 1 0", body: "abc", then: .refused(400)),
        .post("tab within", "Content-Length: 1\t0", body: "abc", then: .refused(400)),
        .post("quoted", "Content-Length: \"3\"", body: "abc", then: .refused(400)),
        .post("nothing", "Content-Length:", body: "abc", then: .refused(400)),
        .post("blank alone", "Content-Length:  ", body: "abc", then: .refused(400)),
        .post("text", "Content-Length: three", body: "abc", then: .refused(400)),
        .post("letter behind", "Content-Length: 3x", body: "abc", then: .refused(400)),
        .post("Arabic digits", "Content-Length: ٣", body: "abc", then: .refused(400)),
        .post("beyond 32 bits and back", "Content-Length: 99999999999999999999", body: "abc", then: .refused(400)),
        .post("2^64 + 3", "Content-Length: 18446744073709551619", body: "abc", then: .refused(400)),
        .post("2^63", "Content-Length: 9223372036854775808", body: "abc", then: .refused(400)),
        .post("vertical tab", "Content-Length: \u{0B}3", body: "abc", then: .refused(400)),
        .post("NUL", "Content-Length: 3\0", body: "abc", then: .refused(400)),
        .post("space before the colon", "Content-Length : 3", body: "abc", then: .refused(400)),
        .post("fold", "Content-Length:\r\n 3", body: "abc", then: .refused(400)),
        .post("underscore in the name: another header", "Content_Length: 3", then: posted("Content_Length: 3", proto, empty)),
        .post(
            "listed in Connection", "Connection: Content-Length", "Content-Length: 3", body: "abc",
            then: posted("Content-Length: 3", proto, body: "abc")),
        .post(
            "too short: the rest is no request", "Content-Length: 3", body: "abc<SMUGGLED>",
            then: .forwardedThenRefused("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\(proto)\r\n\r\nabc")),
        .post(
            "none: the body is no request", body: "abc",
            then: .forwardedThenRefused("POST / HTTP/1.1\r\nHost: a\r\n\(proto)\r\n\(empty)\r\n\r\n")),
    ]

    private static func posted(_ lines: String..., body: String = "") -> StrictRow.Outcome {
        .forwarded("POST / HTTP/1.1\r\nHost: a\r\n" + lines.map { $0 + "\r\n" }.joined() + "\r\n" + body)
    }

    @Test(arguments: both) func `a length and a coding`(_ row: StrictRow) async throws { try await row.check() }
    @Test(arguments: codings) func `a transfer coding`(_ row: StrictRow) async throws { try await row.check() }
    @Test(arguments: lengths) func `a length`(_ row: StrictRow) async throws { try await row.check() }
}
