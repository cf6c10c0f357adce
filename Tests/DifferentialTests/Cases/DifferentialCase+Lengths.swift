// SPDX-License-Identifier: Apache-2.0

/// A length that one reader sees and another does not, and bodies where not every reader looks for one.
extension DifferentialCase {
    static let lengths: [DifferentialCase] =
        Self.lengthValues.map { Self.octets("length: \($0)", Self.posted("Content-Length:\($1)") + Self.hidden) }
        + Self.lengthLines.map { Self.octets("length: \($0)", Self.posted($1) + Self.hidden) }
        + ["GET", "HEAD", "OPTIONS", "DELETE", "TRACE"].flatMap { method -> [DifferentialCase] in
            [
                .request(
                    "body of \(method)", method: method, headers: ["Content-Length: \(Self.hidden.utf8.count)"], body: Self.hidden),
                .request("chunks of \(method)", method: method, headers: ["Transfer-Encoding: chunked"], body: Self.hidden),
                .request("neither length nor coding of \(method)", method: method, body: Self.hidden),
            ]
        }
        + [
            "y 100-continue", "100-continue, y", "100-continue; y", " 100-continue", "100-continue, 100-continue", "100", "",
            "\u{b}100-continue",
        ].map {
            .request(
                "body behind expect \($0.debugDescription)", method: "POST",
                headers: ["Expect: \($0)", "Content-Length: \(Self.hidden.utf8.count)"], body: Self.hidden)
        }
        + [
            .request(
                "body behind two expects", method: "POST",
                headers: ["Expect: 100-continue", "Expect: 100-continue", "Content-Length: \(Self.hidden.utf8.count)"],
                body: Self.hidden),
            .request(
                "HTTP/2 by upgrade", headers: ["Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABk"],
                body: "GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n"),
            .request(
                "coding and length to HTTP/2", on: .upward, method: "POST",
                headers: ["Content-Length: 5", "Transfer-Encoding: chunked"], body: Self.hidden),
            .request(
                "unknown coding to HTTP/2", on: .upward, method: "POST", headers: ["Content-Length: 5", "Transfer-Encoding: cow"],
                body: Self.hidden),
            .request(
                "two lengths to HTTP/2", on: .upward, method: "POST", headers: ["Content-Length: 5", "Content-Length: 6"],
                body: Self.hidden),
            DifferentialCase(
                "HTTP/1.0 with coding and length", on: .options,
                "POST / HTTP/1.0\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n\(Self.hidden)"),
            DifferentialCase(
                "HTTP/1.0 with two lengths", on: .options,
                "POST / HTTP/1.0\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n\(Self.hidden)"),
            DifferentialCase(
                "HTTP/1.0 that goes on, without a length", on: .options,
                "POST / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n\(Self.hidden)"),
        ]

    private static let lengthValues: [(String, String)] = [
        ("no blank", "5"), ("blanks around", " \t5 \t"), ("a zero before", " 05"), ("a vertical tab before", " \u{b}5"),
        ("a form feed behind", " 5\u{c}"), ("a hard blank before", " \u{a0}5"), ("NUL before", " \u{0}5"),
        ("NUL behind", " 5\u{0}"),
        ("a CR behind", " 5\r"), ("two numbers", " 5 6"), ("a list of two", " 5, 6"), ("a list of equals", " 5, 5"),
        ("a comma behind", " 5,"), ("a comma before", " ,5"), ("a parameter", " 5;q=1"), ("binary", " 0b101"),
        ("an exponent", " 5e0"),
        ("a point", " 5."), ("an underscore", " 1_0"), ("a word", " five"), ("plus zero", " +0"), ("minus zero", " -0"),
        ("a digit of another script", " \u{d9}\u{a5}"), ("2^32 more", " 4294967301"), ("2^64 more", " 18446744073709551621"),
        ("2^63", " 9223372036854775808"), ("quotes", " '5'"), ("hexadecimal without 0x", " a"), ("an apostrophe within", " 4'0"),
    ]

    private static let lengthLines: [(String, String)] = [
        ("two in other letters", "Content-Length: 5\r\nCONTENT-LENGTH: 6"),
        ("the greater one first", "Content-Length: 40\r\nContent-Length: 5"),
        ("three", "Content-Length: 5\r\nContent-Length: 5\r\nContent-Length: 6"),
        ("equal but for a zero", "Content-Length: 5\r\nContent-Length: 05"),
        ("an empty one behind", "Content-Length: 5\r\nContent-Length:"),
        ("a fold before", "Content-Length:\r\n 5"), ("a fold behind", "Content-Length: 5\r\n 6"),
        ("a fold of nothing", "Content-Length: 5\r\n\t"),
        ("an underscore for the hyphen", "Content_Length: 5"), ("NUL behind the name", "Content-Length\u{0}: 5"),
        ("a blank for the hyphen", "Content Length: 5"), ("a tab behind the name", "Content-Length\t: 5"),
        ("a line behind the name", "Content-Length\r\n: 5"), ("a tab before the name", "\tContent-Length: 5"),
        ("behind a bare LF", "X: x\nContent-Length: 5"), ("behind a bare CR", "X: x\rContent-Length: 5"),
        ("an LF before the value", "Content-Length:\n 5"), ("no colon", "Content-Length 5"), ("two colons", "Content-Length:: 5"),
        ("a plus behind the name", "Content-Length+: 5"),
    ]
}
