// SPDX-License-Identifier: Apache-2.0

extension DifferentialCase {
    private static func chunked(_ name: String, _ body: String, headers: [String] = []) -> DifferentialCase {
        .request(name, method: "POST", headers: ["Transfer-Encoding: chunked"] + headers, body: body)
    }

    static let bodies: [DifferentialCase] = [
        chunked("one chunk", "5\r\nhello\r\n0\r\n\r\n"),
        chunked("three chunks", "1\r\na\r\n2\r\nbc\r\n3\r\ndef\r\n0\r\n\r\n"),
        chunked("no chunk", "0\r\n\r\n"),
        chunked("leading zeros", "0005\r\nhello\r\n000\r\n\r\n"),
        chunked("upper and lower hexadecimal", "A\r\n0123456789\r\na\r\n0123456789\r\n0\r\n\r\n"),
        chunked("an extension", "5;a=b\r\nhello\r\n0\r\n\r\n"),
        chunked("a quoted extension", "5;a=\"b;c\"\r\nhello\r\n0\r\n\r\n"),
        chunked("an extension of the last chunk", "5\r\nhello\r\n0;x\r\n\r\n"),
        chunked("trailers", "5\r\nhello\r\n0\r\nX-T: 1\r\n\r\n", headers: ["Trailer: X-T"]),
        chunked("a forbidden trailer", "5\r\nhello\r\n0\r\nContent-Length: 1\r\n\r\n"),
        .request("coding Chunked", method: "POST", headers: ["Transfer-Encoding: Chunked"], body: "1\r\na\r\n0\r\n\r\n"),
        .request("a length of seven digits", method: "POST", headers: ["Content-Length: 0000003"], body: "abc"),
        .request("100 KiB", method: "POST", headers: ["Content-Length: 102400"], body: String(repeating: "x", count: 102_400)),
        .request("expect 100", method: "POST", headers: ["Content-Length: 3", "Expect: 100-continue"], body: "abc"),
        .request("expect 100 in capitals", method: "POST", headers: ["Content-Length: 3", "Expect: 100-Continue"], body: "abc"),
        .request("expect something else", method: "POST", headers: ["Content-Length: 3", "Expect: 200-ok"], body: "abc"),
        .request("expect without a body", headers: ["Expect: 100-continue"]),
        .request(
            "expect of a broken upstream", method: "POST", target: "/?answer=503",
            headers: ["Content-Length: 3", "Expect: 100-continue"], body: "abc"),
    ]

    /// Every one of these has to be refused, or forwarded in one form that all understand alike.
    static let malformedBodies: [DifferentialCase] =
        [
            ("not hexadecimal", "g\r\nhello\r\n0\r\n\r\n"), ("a signed size", "+5\r\nhello\r\n0\r\n\r\n"),
            ("a negative size", "-5\r\nhello\r\n0\r\n\r\n"),
            ("0x before the size", "0x5\r\nhello\r\n0\r\n\r\n"), ("a space before the size", " 5\r\nhello\r\n0\r\n\r\n"),
            ("a space behind the size", "5 \r\nhello\r\n0\r\n\r\n"),
            ("a bare LF behind the size", "5\nhello\r\n0\r\n\r\n"), ("a bare LF behind the data", "5\r\nhello\n0\r\n\r\n"),
            ("no CRLF behind the data", "5\r\nhello0\r\n\r\n"),
            ("too much data", "3\r\nhello\r\n0\r\n\r\n"), ("an overflowing size", "ffffffffffffffff1\r\nhello\r\n0\r\n\r\n"),
            ("the largest size", "ffffffffffffffff\r\nhello\r\n0\r\n\r\n"),
            ("an empty size", "\r\nhello\r\n0\r\n\r\n"), ("a CR in an extension", "5;a\rb\r\nhello\r\n0\r\n\r\n"),
            ("an LF in an extension", "5;a\nb\r\nhello\r\n0\r\n\r\n"),
            ("a bad trailer", "5\r\nhello\r\n0\r\nbad trailer\r\n\r\n"), ("an underscore in the size", "1_0\r\nhello\r\n0\r\n\r\n"),
        ].map { chunked("chunk: \($0.0)", $0.1) }
        + [
            "-1", "+3", "3x", "0x3", "3.0", "3 3", "3,3", "3, 3", "", "99999999999999999999", "18446744073709551616", "3;", "\"3\"",
            "３",
        ].map {
            .request("length \($0)", method: "POST", headers: ["Content-Length: \($0)"], body: "abc")
        }
}
