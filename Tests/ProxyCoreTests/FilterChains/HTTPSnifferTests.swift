// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Testing

@testable import ProxyCore

@Suite struct HTTPSnifferTests {
    @Test(
        arguments: [
            ("GET / HTTP/1.1\r\nhost: a\r\n", .http11), ("GET / HTTP/1.1\n", .http11), ("POST /a?b HTTP/1.0\r\n", .http10),
            ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", .http2), ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nmore", .http2),
            ("OPTIONS * HTTP/1.1\r\n", .http11), ("CONNECT a:1 HTTP/1.1\r\n", .http11), ("get / HTTP/1.1\r\n", .http11),
            ("GETX / HTTP/1.1\r\n", .http11), ("GET  /  HTTP/1.1 \r\n", .http11), ("GET\t/ HTTP/1.1\r\n", .http11),
            ("GET http://a/b HTTP/1.1\r\n", .http11), ("GET / HTTP/9.9\r\n", .http10), ("GET /\n", .http10),
            ("PRI * HTTP/2.0\r\n\r\nX", .http10),
            ("", .needsMore), ("G", .needsMore), ("GET", .needsMore), ("GET /", .needsMore), ("GET / HTTP/1.1\r", .needsMore),
            ("PRI * HTTP/2.0\r\n\r\n", .needsMore), ("PR", .needsMore), ("hell", .needsMore), ("SSH-2.0-x", .needsMore),
            ("GET\r\n", .notHTTP), ("GET \r\n", .notHTTP), ("GET HTTP/1.1\r\n", .notHTTP), ("GET / HTTP/11\r\n", .notHTTP),
            ("GET / HTTP/1.1x\r\n", .notHTTP), ("GET / HTTP/1.\r\n", .notHTTP), ("GET / http/1.1\r\n", .notHTTP),
            ("GET / FTP/1.1\r\n", .notHTTP), ("GET /a b HTTP/1.1\r\n", .notHTTP), ("hello world\r\n", .notHTTP),
            ("EHLO example.com\r\n", .notHTTP), ("1 2 HTTP/1.1\r\n", .notHTTP), ("G@", .notHTTP), ("(x", .notHTTP),
            ("*1\r\n$4\r\nPING\r\n", .notHTTP), ("\u{16}\u{3}\u{1}", .notHTTP), ("SSH-2.0-x\r\n", .notHTTP),
            (" GET / HTTP/1.1\r\n", .notHTTP), ("\r\nGET / HTTP/1.1\r\n", .notHTTP), ("\0", .notHTTP),
        ] as [(String, HTTPSniffer.Finding)])
    func `the first line says what is spoken`(text: String, expected: HTTPSniffer.Finding) {
        #expect(HTTPSniffer.inspect(ByteBuffer(string: text)) == expected)
    }

    @Test func `a line without end is given up`() {
        #expect(HTTPSniffer.inspect(ByteBuffer(string: "GET /" + String(repeating: "a", count: 60_000))) == .needsMore)
        #expect(HTTPSniffer.inspect(ByteBuffer(string: "GET /" + String(repeating: "a", count: 70_000))) == .notHTTP)
    }
}
