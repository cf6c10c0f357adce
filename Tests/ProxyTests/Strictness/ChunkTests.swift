// SPDX-License-Identifier: Apache-2.0
import Testing

/// Chunked bodies that two parties read in two ways. The upstream never gets the client's own framing, only ours.
@Suite(.serialized, .timeLimit(.minutes(3))) struct ChunkTests {
    private static let chunked = "Transfer-Encoding: chunked"
    private static let end = "0\r\n\r\n"

    static let good: [StrictRow] = [
        row("one chunk", "3\r\nabc\r\n0\r\n\r\n", "3\r\nabc\r\n0\r\n\r\n"),
        row("upper-case digits", "A\r\n0123456789\r\n0\r\n\r\n", "a\r\n0123456789\r\n0\r\n\r\n"),
        row("leading zeros", "0003\r\nabc\r\n0\r\n\r\n", "3\r\nabc\r\n0\r\n\r\n"),
        row("several zeros at the end", "3\r\nabc\r\n000\r\n\r\n", "3\r\nabc\r\n0\r\n\r\n"),
        row("extension is dropped", "3;a=b\r\nabc\r\n0\r\n\r\n", "3\r\nabc\r\n0\r\n\r\n"),
        row("extension that looks like a length", "3;0\r\nabc\r\n0\r\n\r\n", "3\r\nabc\r\n0\r\n\r\n"),
        row("extension at the end", "3\r\nabc\r\n0;x=\"y\"\r\n\r\n", "3\r\nabc\r\n0\r\n\r\n"),
        row("empty extension", "3;\r\nabc\r\n0\r\n\r\n", "3\r\nabc\r\n0\r\n\r\n"),
        row("data that looks like an end", "7\r\n\r\n0\r\n\r\n\r\n0\r\n\r\n", "7\r\n\r\n0\r\n\r\n\r\n0\r\n\r\n"),
        row("trailer", "0\r\nX: y\r\n\r\n", "0\r\nX: y\r\n\r\n"),
        row("trailer that frames", "0\r\nContent-Length: 50\r\n\r\n", "0\r\n\r\n"),
        row("trailer that is a coding", "0\r\nTransfer-Encoding: chunked\r\nX: y\r\n\r\n", "0\r\nX: y\r\n\r\n"),
        row("trailer that routes", "0\r\nHost: b\r\n\r\n", "0\r\n\r\n"),
        row("trailer that authenticates", "0\r\nAuthorization: me\r\nCookie: c\r\n\r\n", "0\r\n\r\n"),
    ]

    static let bad: [StrictRow] = [
        broken("no size", "\r\nabc\r\n" + end), broken("0x", "0x3\r\nabc\r\n" + end), broken("plus", "+3\r\nabc\r\n" + end),
        broken("minus", "-3\r\nabc\r\n" + end), broken("space before", " 3\r\nabc\r\n" + end),
        broken("space behind", "3 \r\nabc\r\n" + end), broken("tab behind", "3\t\r\nabc\r\n" + end),
        broken("space before an extension", "3 ;a\r\nabc\r\n" + end), broken("letter", "g\r\nabc\r\n" + end),
        broken("underscore", "0_3\r\nabc\r\n" + end), broken("comma", "3,3\r\nabc\r\n" + end),
        broken("quoted", "\"3\"\r\nabc\r\n" + end),
        broken("NUL", "3\0\r\nabc\r\n" + end), broken("vertical tab", "\u{0B}3\r\nabc\r\n" + end),
        broken("overflow by one digit", "10000000000000003\r\nabc\r\n" + end),
        broken("64 bits", "ffffffffffffffff\r\nabc\r\n" + end), broken("63 bits", "7fffffffffffffff\r\nabc\r\n" + end),
        broken("many zeros", String(repeating: "0", count: 40) + "3\r\nabc\r\n" + end),
        broken("size that ends in LF", "3\nabc\r\n" + end), broken("size that ends in CR", "3\rabc\r\n" + end),
        broken("size that ends in CR CR LF", "3\r\r\nabc\r\n" + end),
        broken("extension that ends in LF", "3;a\nabc\r\n" + end), broken("extension with a bare CR", "3;a\rb\r\nabc\r\n" + end),
        broken("extension with NUL", "3;a\0\r\nabc\r\n" + end),
        broken("extension of kilobytes", "3;" + String(repeating: "a", count: 5000) + "\r\nabc\r\n" + end),
        broken("data that ends in LF", "3\r\nabc\n" + end), broken("data that ends in CR", "3\r\nabc\r" + end),
        broken("data without an end", "3\r\nabc" + end), broken("more data than size", "3\r\nabcd\r\n" + end),
        broken("less data than size", "5\r\nabc\r\n" + end), broken("spaces for the end of data", "3\r\nabc  " + end),
        broken("last chunk that ends in LF", "3\r\nabc\r\n0\n\r\n"), broken("end that is LF", "3\r\nabc\r\n0\r\n\n"),
        broken("negative zero at the end", "3\r\nabc\r\n-0\r\n\r\n"), broken("trailer that ends in LF", "0\r\nX: y\n\r\n"),
        broken("trailer without a colon", "0\r\nGET /smuggled HTTP/1.1\r\n\r\n"),
        broken("trailer of a blank name", "0\r\n : y\r\n\r\n"),
        broken("folded trailer", "0\r\nX: y\r\n z\r\n\r\n"), broken("space before a trailer's colon", "0\r\nX : y\r\n\r\n"),
        broken("NUL in a trailer", "0\r\nX: \0\r\n\r\n"),
        broken("trailers of kilobytes", "0\r\nX: " + String(repeating: "y", count: 9000) + "\r\n\r\n"),
    ]

    static let proto = "x-forwarded-proto: http"

    private static func row(_ name: String, _ body: String, _ forwarded: String) -> StrictRow {
        .post(
            name, self.chunked, body: body,
            then: .forwarded("POST / HTTP/1.1\r\nHost: a\r\n\(self.proto)\r\ntransfer-encoding: chunked\r\n\r\n" + forwarded))
    }

    private static func broken(_ name: String, _ body: String) -> StrictRow { .post(name, self.chunked, body: body, then: .cut) }

    @Test(arguments: good) func `is forwarded in our own framing`(_ row: StrictRow) async throws { try await row.check() }
    @Test(arguments: bad) func `is cut off`(_ row: StrictRow) async throws { try await row.check() }
}
