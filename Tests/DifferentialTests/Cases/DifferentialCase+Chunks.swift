// SPDX-License-Identifier: Apache-2.0

/// Chunks that end in one place for one reader and in another for the next.
extension DifferentialCase {
    static let chunks: [DifferentialCase] = Self.chunkBodies.map {
        Self.octets("chunks: \($0)", Self.posted("Transfer-Encoding: chunked") + $1)
    }

    private static let chunkBodies: [(String, String)] = [
        ("a size of 2^32 more", "100000005\r\nhello\r\n0\r\n\r\n"),
        ("a size of 2^64 more", "10000000000000005\r\nhello\r\n0\r\n\r\n"),
        ("a size of many zeros", String(repeating: "0", count: 40) + "5\r\nhello\r\n0\r\n\r\n"),
        ("a size of 2^63", "8000000000000000\r\nhello\r\n0\r\n\r\n"),
        ("a size of -1 in 64 bits", "fffffffffffffffe\r\nhello\r\n0\r\n\r\n"),
        ("a tab behind the size", "5\t\r\nhello\r\n0\r\n\r\n"), ("a CR behind the size", "5\r\r\nhello\r\n0\r\n\r\n"),
        ("NUL behind the size", "5\u{0}\r\nhello\r\n0\r\n\r\n"), ("a hard blank behind the size", "5\u{a0}\r\nhello\r\n0\r\n\r\n"),
        ("a comma behind the size", "5,\r\nhello\r\n0\r\n\r\n"), ("an h behind the size", "5h\r\nhello\r\n0\r\n\r\n"),
        ("a blank before an extension", "5 ;a=b\r\nhello\r\n0\r\n\r\n"),
        ("an extension without a name", "5;\r\nhello\r\n0\r\n\r\n"),
        ("an extension that ends with LF", "5;a\nhello\r\n0\r\n\r\n"),
        ("an extension that ends with CR", "5;a\rhello\r\n0\r\n\r\n"),
        ("an extension with NUL", "5;a\u{0}b\r\nhello\r\n0\r\n\r\n"),
        ("an extension with an open quote", "5;a=\"b\r\nhello\r\n0\r\n\r\n"),
        ("an extension with a line in quotes", "5;a=\"\r\n\"\r\nhello\r\n0\r\n\r\n"),
        ("a long extension", "5;a=\(String(repeating: "b", count: 20_000))\r\nhello\r\n0\r\n\r\n"),
        ("an extension that hides a request", "2;\nxx\r\n28\r\n0\r\n\r\nGET /hidden HTTP/1.1\r\nHost: a\r\n\r\n0\r\n\r\n"),
        ("data that ends with LF LF", "5\r\nhello\n\n0\r\n\r\n"), ("data that ends with CR CR", "5\r\nhello\r\r0\r\n\r\n"),
        ("data that ends with CR", "5\r\nhello\r0\r\n\r\n"), ("data that ends with two letters", "5\r\nhelloXX0\r\n\r\n"),
        ("data that ends with LF CR", "5\r\nhello\n\r0\r\n\r\n"), ("too little data", "7\r\nhello\r\n0\r\n\r\n0\r\n\r\n"),
        ("an empty line before a size", "5\r\nhello\r\n\r\n0\r\n\r\n"), ("an LF before a size", "\n5\r\nhello\r\n0\r\n\r\n"),
        ("the last chunk ends with LF", "5\r\nhello\r\n0\n\r\n"), ("the end is an LF", "5\r\nhello\r\n0\r\n\n"),
        ("the end is LF LF", "5\r\nhello\r\n0\n\n"), ("the end is CR CR LF", "5\r\nhello\r\n0\r\n\r\r\n"),
        ("the end is a letter", "5\r\nhello\r\n0\r\nX\r\n\r\n"), ("a last chunk of minus zero", "5\r\nhello\r\n-0\r\n\r\n"),
        ("a last chunk of plus zero", "5\r\nhello\r\n+0\r\n\r\n"), ("a blank behind the last chunk", "5\r\nhello\r\n0 \r\n\r\n"),
        ("bare LFs", "5\nhello\n0\n\n"), ("a request behind the end", "0\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\n\r\n"),
        ("a trailer that codes", "0\r\nTransfer-Encoding: chunked\r\n\r\n"),
        ("a trailer that names the host", "0\r\nHost: b\r\n\r\n"),
        ("a trailer that connects", "0\r\nConnection: close\r\n\r\n"), ("a trailer of HTTP/2", "0\r\n:path: /x\r\n\r\n"),
        ("a trailer that authorizes", "0\r\nAuthorization: x\r\n\r\n"), ("a trailer with a fold", "0\r\nX-T: 1\r\n 2\r\n\r\n"),
        ("a trailer with a bare LF", "0\r\nX-T: 1\nX-U: 2\r\n\r\n"), ("a trailer with a bare CR", "0\r\nX-T: 1\rX-U: 2\r\n\r\n"),
        ("a trailer with NUL", "0\r\nX-T: 1\u{0}\r\n\r\n"), ("a trailer with a blank before the colon", "0\r\nX-T : 1\r\n\r\n"),
        ("a trailer without a name", "0\r\n: 1\r\n\r\n"),
        ("trailers that are a request", "0\r\nGET /hidden HTTP/1.1\r\nHost: a\r\n\r\n"),
        ("200 trailers", "0\r\n" + (0..<200).map { "X-\($0): v\r\n" }.joined() + "\r\n"),
        ("a trailer of 70000 bytes", "0\r\nX-T: \(String(repeating: "t", count: 70_000))\r\n\r\n"),
    ]
}
