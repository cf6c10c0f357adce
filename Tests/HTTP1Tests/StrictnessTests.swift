// SPDX-License-Identifier: Apache-2.0
import HTTP1
import NIOCore
import Testing

/// One row per smuggling technique: each must be refused, whether the bytes come at once or one by one.
struct StrictnessTests {
    struct Row: CustomTestStringConvertible, Sendable {
        var name: String
        var bytes: String
        var code: HTTP1Error.Code
        var testDescription: String { self.name }
    }

    static let rows: [Row] = [
        Row(
            name: "CL.TE", bytes: "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n",
            code: .contentLengthWithTransferEncoding),
        Row(
            name: "TE.CL", bytes: "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n",
            code: .contentLengthWithTransferEncoding),
        Row(
            name: "two TE",
            bytes: "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n",
            code: .duplicateTransferEncoding),
        Row(
            name: "xchunked", bytes: "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n",
            code: .unsupportedTransferEncoding),
        Row(
            name: "list TE", bytes: "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n",
            code: .unsupportedTransferEncoding),
        Row(
            name: "quoted TE", bytes: "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \"chunked\"\r\n\r\n",
            code: .unsupportedTransferEncoding),
        Row(
            name: "vertical tab TE", bytes: "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \u{0B}chunked\r\n\r\n",
            code: .invalidHeaderValue),
        Row(
            name: "empty TE", bytes: "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n\r\n", code: .unsupportedTransferEncoding),
        Row(
            name: "TE in 1.0", bytes: "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
            code: .transferEncodingInHTTP10),
        Row(
            name: "space before colon", bytes: "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n",
            code: .spaceBeforeColon),
        Row(name: "tab before colon", bytes: "POST / HTTP/1.1\r\nHost: a\r\nContent-Length\t: 3\r\n\r\n", code: .spaceBeforeColon),
        Row(name: "obs-fold", bytes: "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n chunked\r\n\r\n", code: .foldedLine),
        Row(name: "folded first line", bytes: "GET / HTTP/1.1\r\n Host: a\r\n\r\n", code: .foldedLine),
        Row(name: "bare LF", bytes: "GET / HTTP/1.1\nHost: a\n\n", code: .bareLineFeed),
        Row(name: "bare LF in the middle", bytes: "GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n", code: .bareLineFeed),
        Row(
            name: "bare CR", bytes: "GET / HTTP/1.1\r\nHost: a\r\nX: y\rTransfer-Encoding: chunked\r\n\r\n",
            code: .bareCarriageReturn),
        Row(
            name: "two CL", bytes: "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\n",
            code: .duplicateContentLength),
        Row(
            name: "the same CL twice", bytes: "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nContent-Length: 4\r\n\r\n",
            code: .duplicateContentLength),
        Row(name: "CL list", bytes: "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4, 4\r\n\r\n", code: .invalidContentLength),
        Row(name: "signed CL", bytes: "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +4\r\n\r\n", code: .invalidContentLength),
        Row(name: "negative CL", bytes: "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -4\r\n\r\n", code: .invalidContentLength),
        Row(name: "hex CL", bytes: "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x4\r\n\r\n", code: .invalidContentLength),
        Row(
            name: "huge CL", bytes: "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999999\r\n\r\n",
            code: .invalidContentLength),
        Row(name: "empty CL", bytes: "POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n", code: .invalidContentLength),
        Row(name: "NUL in value", bytes: "GET / HTTP/1.1\r\nHost: a\r\nX: y\0z\r\n\r\n", code: .invalidHeaderValue),
        Row(name: "NUL in name", bytes: "GET / HTTP/1.1\r\nHost: a\r\nX\0: y\r\n\r\n", code: .invalidHeaderName),
        Row(name: "no colon", bytes: "GET / HTTP/1.1\r\nHost: a\r\nXY\r\n\r\n", code: .invalidHeaderName),
        Row(name: "empty name", bytes: "GET / HTTP/1.1\r\nHost: a\r\n: y\r\n\r\n", code: .invalidHeaderName),
        Row(name: "two hosts", bytes: "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", code: .duplicateHost),
        Row(name: "no host", bytes: "GET / HTTP/1.1\r\nX: b\r\n\r\n", code: .missingHost),
        Row(name: "user in host", bytes: "GET / HTTP/1.1\r\nHost: x@a\r\n\r\n", code: .invalidHost),
        Row(name: "path in host", bytes: "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", code: .invalidHost),
        Row(name: "two spaces", bytes: "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", code: .invalidRequestLine),
        Row(name: "space in target", bytes: "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", code: .invalidRequestLine),
        Row(name: "HTTP/0.9", bytes: "GET /\r\nHost: a\r\n\r\n", code: .unsupportedVersion),
        Row(name: "HTTP/1.2", bytes: "GET / HTTP/1.2\r\nHost: a\r\n\r\n", code: .unsupportedVersion),
        Row(name: "fragment", bytes: "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", code: .fragmentInTarget),
        Row(name: "empty port", bytes: "GET http://a:/ HTTP/1.1\r\nHost: a\r\n\r\n", code: .invalidTarget),
        Row(name: "relative target", bytes: "GET a HTTP/1.1\r\nHost: a\r\n\r\n", code: .invalidTarget),
        Row(name: "asterisk with GET", bytes: "GET * HTTP/1.1\r\nHost: a\r\n\r\n", code: .invalidTarget),
        Row(name: "lower-case method", bytes: "get / HTTP/1.1\r\nHost: a\r\n\r\n", code: .invalidMethod),
        Row(name: "chunk size 0x", bytes: chunked("0x5\r\nhello\r\n0\r\n\r\n"), code: .invalidChunkSize),
        Row(name: "chunk size sign", bytes: chunked("+5\r\nhello\r\n0\r\n\r\n"), code: .invalidChunkSize),
        Row(name: "chunk size blank", bytes: chunked(" 5\r\nhello\r\n0\r\n\r\n"), code: .invalidChunkSize),
        Row(name: "chunk size overflow", bytes: chunked("10000000000000005\r\nhello\r\n0\r\n\r\n"), code: .invalidChunkSize),
        Row(name: "chunk size bare LF", bytes: chunked("5\nhello\r\n0\r\n\r\n"), code: .invalidChunkSize),
        Row(name: "chunk extension bare LF", bytes: chunked("5;a\nhello\r\n0\r\n\r\n"), code: .invalidChunkSize),
        Row(name: "chunk too long", bytes: chunked("4\r\nhello\r\n0\r\n\r\n"), code: .invalidChunkEnd),
        Row(name: "trailer bare LF", bytes: chunked("0\r\nX: y\n\r\n"), code: .bareLineFeed),
    ]

    static func chunked(_ body: String) -> String { "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + body }

    @Test(arguments: rows) func `is refused`(_ row: Row) throws {
        #expect(throws: HTTP1Error(row.code)) { try Self.read(row.bytes, pieces: row.bytes.utf8.count) }
        #expect(throws: HTTP1Error(row.code)) { try Self.read(row.bytes, pieces: 1) }
    }

    @Test func `limits have their statuses`() {
        let limits = HTTP1Limits(headBytes: 500, headerCount: 5, targetLength: 20)
        let big = "GET / HTTP/1.1\r\nHost: a\r\nX: " + String(repeating: "y", count: 600) + "\r\n\r\n"
        let many = "GET / HTTP/1.1\r\nHost: a\r\n" + String(repeating: "X: y\r\n", count: 6) + "\r\n"
        let long = "GET /" + String(repeating: "y", count: 30) + " HTTP/1.1\r\nHost: a\r\n\r\n"
        for (bytes, status) in [(big, 431), (many, 431), (long, 414)] as [(String, UInt16)] {
            do {
                try Self.read(bytes, pieces: 7, limits: limits)
                Issue.record("accepted")
            } catch { #expect((error as? HTTP1Error)?.status == status) }
        }
    }

    @Test(
        arguments: [
            (.unsupportedVersion, 426, "Upgrade Required"), (.missingHost, 400, ""), (.fragmentInTarget, 400, ""),
            (.invalidTarget, 400, "Bad Request"), (.duplicateTransferEncoding, 501, "Not Implemented"),
            (.headTooLarge, 431, "Request Header Fields Too Large"),
        ] as [(HTTP1Error.Code, UInt16, String)])
    func `a refusal has a status and a text`(code: HTTP1Error.Code, status: UInt16, text: String) {
        #expect(HTTP1Error(code).status == status && HTTP1Error(code).text == text)
    }

    @Test func `HTTP/1.0 is taken where it is switched on`() throws {
        let bytes = "GET / HTTP/1.0\r\nHost: a\r\n\r\n"
        try Self.read(bytes, pieces: 7)
        #expect(throws: HTTP1Error(.unsupportedVersion)) {
            try Self.read(bytes, pieces: 7, limits: HTTP1Limits(acceptsHTTP10: false))
        }
    }

    /// Feeds `bytes` in pieces of a size and reads one whole message.
    static func read(_ bytes: String, pieces: Int, limits: HTTP1Limits = HTTP1Limits()) throws {
        var parser = RequestHeadParser(limits: limits)
        var decoder: BodyDecoder?
        var buffer = ByteBuffer()
        var rest = ByteBuffer(string: bytes)
        while rest.readableBytes > 0 {
            guard var piece = rest.readSlice(length: min(pieces, rest.readableBytes)) else { return }
            buffer.writeBuffer(&piece)
            if decoder == nil, let head = try parser.next(&buffer) {
                decoder = BodyDecoder(try BodyLength.of(head), limits: limits)
            }
            while try decoder?.next(&buffer) != nil {}
        }
    }
}
