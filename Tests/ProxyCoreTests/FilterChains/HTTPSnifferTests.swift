// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Testing

@testable import ProxyCore

@Suite struct HTTPSnifferTests {
    @Test(
        arguments: [
            ("GET / HTTP/1.1\r\nhost: a\r\n", .http11), ("GET / HTTP/1.1\n", .http11), ("POST /a?b HTTP/1.0\r\n", .http10),
            ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", .http2), ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nmore", .http2),
            ("OPTIONS * HTTP/1.1\r\n", .http11), ("CONNECT a:1 HTTP/1.1\r\n", .http11), ("GET /a b HTTP/1.1\r\n", .http11),
            ("", .needsMore), ("G", .needsMore), ("GET", .needsMore), ("GET /", .needsMore), ("GET / HTTP/1.1", .needsMore),
            ("PRI * HTTP/2.0\r\n\r\n", .needsMore), ("PR", .needsMore), ("PROPF", .needsMore),
            ("GETX / HTTP/1.1\r\n", .notHTTP), ("get / HTTP/1.1\r\n", .notHTTP), ("GET\r\n", .notHTTP), ("GET /\r\n", .notHTTP),
            ("GET / HTTP/11\r\n", .notHTTP), ("GET / http/1.1\r\n", .notHTTP), ("GET  HTTP/1.1\r\n", .notHTTP),
            ("*1\r\n$4\r\nPING\r\n", .notHTTP), ("\u{16}\u{3}\u{1}", .notHTTP), ("SSH-2.0-x\r\n", .notHTTP),
            ("PRI * HTTP/3.0\r\n\r\n", .notHTTP), (" GET / HTTP/1.1\r\n", .notHTTP),
        ] as [(String, HTTPSniffer.Finding)])
    func `the first line says what is spoken`(text: String, expected: HTTPSniffer.Finding) {
        #expect(HTTPSniffer.inspect(ByteBuffer(string: text)) == expected)
    }

    @Test func `a line without end is given up`() {
        #expect(HTTPSniffer.inspect(ByteBuffer(string: "GET /" + String(repeating: "a", count: 60_000))) == .needsMore)
        #expect(HTTPSniffer.inspect(ByteBuffer(string: "GET /" + String(repeating: "a", count: 70_000))) == .notHTTP)
    }
}
