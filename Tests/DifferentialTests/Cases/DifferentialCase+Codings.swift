// SPDX-License-Identifier: Apache-2.0

/// A coding that one reader sees and another does not: in values, in names, in the ends of lines.
extension DifferentialCase {
    static let codings: [DifferentialCase] = (Self.codingValues + Self.codingNames + Self.codingLines).flatMap { name, lines in
        [
            Self.octets("coding: \(name)", Self.posted(lines) + Self.hidden),
            Self.octets(
                "coding: \(name), and a length", Self.posted("Content-Length: \(Self.hidden.count)\r\n" + lines) + Self.hidden),
        ]
    }

    /// No chunk and another request; or one body.
    static let hidden = "0\r\n\r\nGET /hidden HTTP/1.1\r\nHost: a\r\n\r\n"

    /// - Parameter text: Each of its characters is the byte of its number.
    static func octets(_ name: String, on listener: Listener = .plain, _ text: String, responses: Int = 1) -> DifferentialCase {
        DifferentialCase(
            name, on: listener, bytes: text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }, responses: responses)
    }

    static func posted(_ lines: String) -> String { "POST / HTTP/1.1\r\nHost: a.test\r\n\(lines)\r\n\r\n" }

    private static let codingValues: [(String, String)] =
        [
            ("no blank", "chunked"), ("a tab", "\tchunked"), ("a form feed before", " \u{c}chunked"),
            ("NUL before", " \u{0}chunked"),
            ("a hard blank before", " \u{a0}chunked"), ("0xff before", " \u{ff}chunked"), ("a form feed behind", " chunked\u{c}"),
            ("a vertical tab behind", " chunked\u{b}"), ("a hard blank behind", " chunked\u{a0}"),
            ("blanks behind", " chunked \t "),
            ("a CR behind", " chunked\r"), ("in quotes", " 'chunked'"), ("an open quote", " \"chunked"), ("a part of it", " chunk"),
            ("another word behind", " chunked foo"), ("twice without comma", " chunked chunked"), ("in brackets", " (chunked)"),
            ("a semicolon behind", " chunked;"), ("a value behind", " chunked=1"), ("a tab within", " chun\tked"),
            ("a letter of another script", " chun\u{e2}\u{84}\u{aa}ed"), ("a backslash behind", " chunked\\"),
            ("an unknown one behind", " chunked, cow"), ("an unknown one before", " cow, chunked"),
            ("gzip behind", " chunked, gzip"),
            ("an empty one before", " , chunked"), ("an empty one behind", " chunked, "), ("x-chunked", " x-chunked"),
            ("trailers", " trailers"), ("deflate", " deflate"), ("a parameter before", " a=b;chunked"), ("mixed case", " cHuNkEd"),
        ].map { ($0.0, "Transfer-Encoding:\($0.1)") }

    private static let codingNames: [(String, String)] =
        [
            ("the name in capitals", "TRANSFER-ENCODING"), ("the name in mixed case", "tRaNsFeR-eNcOdInG"),
            ("NUL behind the name", "Transfer-Encoding\u{0}"), ("a vertical tab behind the name", "Transfer-Encoding\u{b}"),
            ("a hard blank behind the name", "Transfer-Encoding\u{a0}"), ("0xff behind the name", "Transfer-Encoding\u{ff}"),
            ("a blank for the hyphen", "Transfer Encoding"), ("no hyphen", "TransferEncoding"),
            ("two hyphens", "Transfer--Encoding"), ("a dot for the hyphen", "Transfer.Encoding"),
            ("a semicolon behind the name", "Transfer-Encoding;"), ("the name in quotes", "\"Transfer-Encoding\""),
            ("NUL before the name", "\u{0}Transfer-Encoding"), ("a colon before the name", ":transfer-encoding"),
            ("two colons", "Transfer-Encoding:"), ("a blank before the name", " Transfer-Encoding"),
            ("a tab before the name", "\tTransfer-Encoding"), ("a CR behind the name", "Transfer-Encoding\r"),
            ("an LF behind the name", "Transfer-Encoding\n"), ("a line behind the name", "Transfer-Encoding\r\n"),
            ("a folded line behind the name", "Transfer-Encoding\r\n "), ("another name", "Content-Encoding"), ("TE", "TE"),
        ].map { ($0.0, "\($0.1): chunked") }

    private static let codingLines: [(String, String)] = [
        ("behind a bare LF", "X: x\nTransfer-Encoding: chunked"), ("behind a bare CR", "X: x\rTransfer-Encoding: chunked"),
        ("behind CR CR LF", "X: x\r\r\nTransfer-Encoding: chunked"), ("behind LF CR", "X: x\n\rTransfer-Encoding: chunked"),
        ("behind NUL", "X: x\u{0}\r\nTransfer-Encoding: chunked"), ("behind a line of CR", "X: x\r\n\rTransfer-Encoding: chunked"),
        ("an LF before the value", "Transfer-Encoding:\n chunked"), ("a CR before the value", "Transfer-Encoding:\r chunked"),
        ("a fold within", "Transfer-Encoding: chu\r\n nked"), ("a fold behind", "Transfer-Encoding: chunked\r\n , identity"),
        ("a fold of nothing", "Transfer-Encoding: chunked\r\n "), ("no colon", "Transfer-Encoding chunked"),
        ("a name alone", "Transfer-Encoding"), ("an unknown line before", "Transfer-Encoding: cow\r\nTransfer-Encoding: chunked"),
        ("an unknown line behind", "Transfer-Encoding: chunked\r\nTransfer-Encoding: cow"),
        ("identity before", "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked"),
        ("gzip before", "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked"),
        ("an empty line before", "Transfer-Encoding:\r\nTransfer-Encoding: chunked"),
        ("an empty line behind", "Transfer-Encoding: chunked\r\nTransfer-Encoding:"),
        ("twice in other letters", "Transfer-Encoding: chunked\r\ntransfer-encoding: Chunked"),
    ]
}
