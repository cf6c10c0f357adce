// SPDX-License-Identifier: Apache-2.0

/// Bytes for a listener of `ListenerBootstrap`.
struct ListenerCase: Sendable {
    var listener: String
    var bytes: [UInt8]
    /// Why we answer differently; nil: we do not.
    var difference: String?

    init(_ listener: String, _ bytes: [UInt8], difference: String? = nil) {
        self.listener = listener
        self.bytes = bytes
        self.difference = difference
    }

    init(_ listener: String, _ text: String, difference: String? = nil) {
        self.init(listener, Array(text.utf8), difference: difference)
    }

    func replacingPort(with port: Int) -> ListenerCase {
        guard self.listener == "original" else { return self }
        let text = String(decoding: self.bytes, as: UTF8.self).replacing("PORT", with: "\(port)")
        return ListenerCase(self.listener, text, difference: self.difference)
    }

    private static func block(_ command: UInt8, _ family: UInt8, _ rest: [UInt8], length: Int? = nil) -> [UInt8] {
        let length = length ?? rest.count
        return Array("\r\n\r\n\0\r\nQUIT\n".utf8) + [command, family, UInt8(length >> 8), UInt8(length & 0xFF)] + rest
    }

    private static let ends4: [UInt8] = [192, 0, 2, 1, 10, 9, 0, 5, 0x12, 0x67, 0x01, 0xBB]
    private static let ends6 = [UInt8](repeating: 0x20, count: 32) + [0, 1, 0, 2]
    private static let values: [UInt8] = [1, 0, 2, 0x68, 0x32, 2, 0, 1, 7, 0xE0, 0, 0]
    private static let hi = Array("hi".utf8)

    private static func hello(_ name: String?, _ protocols: [String] = []) -> [UInt8] {
        func sized(_ bytes: [UInt8]) -> [UInt8] { [UInt8(bytes.count >> 8), UInt8(bytes.count & 0xFF)] + bytes }
        var extensions: [UInt8] = [0, 43, 0, 3, 2, 3, 4]
        if let name { extensions += [0, 0] + sized(sized([0] + sized(Array(name.utf8)))) }
        if !protocols.isEmpty {
            extensions += [0, 16] + sized(sized(protocols.flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) }))
        }
        let body = [3, 3] + [UInt8](repeating: 7, count: 32) + [0, 0, 2, 0x13, 0x01, 1, 0] + sized(extensions)
        return [22, 3, 1] + sized([1, 0] + sized(body))
    }

    static let all = Self.headers + Self.sniffed + Self.chains + Self.destinations + Self.announced

    /// Against each listener that reads the PROXY protocol.
    private static let headers = ["strict", "maybe", "second"].flatMap { listener in
        [
            "PROXY TCP4 192.0.2.1 10.9.0.5 1 2\r\nhi", "PROXY TCP6 2001:db8::1 ::1 1 2\r\nhi", "PROXY UNKNOWN\r\nhi",
            "PROXY UNKNOWN ff:: x 1\r\nhi", "PROXY TCP4 192.0.2.1 10.9.0.5 1 65536\r\nhi", "PROXY TCP4 192.0.2.1 10.9.0.5 1\r\nhi",
            "PROXY TCP4 192.0.2.1 10.9.0.5 1 2 3\r\nhi", "PROXY TCP4 192.0.2.1 10.9.0.5  1 2\r\nhi", "PROXY TCP4 ::1 ::1 1 2\r\nhi",
            "PROXY TCP6 192.0.2.1 10.9.0.5 1 2\r\nhi", "PROXY UDP4 192.0.2.1 10.9.0.5 1 2\r\nhi", "PROXY \r\nhi",
            "PROXY TCP4 192.0.2.1 10.9.0.5 a 2\r\nhi", "PROXY TCP4 999.0.2.1 10.9.0.5 1 2\r\nhi",
            "PROXY TCP4 192.0.2.1 10.9.0.5 01 2\r\nhi", "PROXYX TCP4\r\nhi and some more",
            "PROXY TCP4 192.0.2.1 10.9.0.5 1 2" + String(repeating: " ", count: 100) + "\r\nhi",
            "GET / HTTP/1.1\r\nhost: a\r\n\r\n", "hello, world and so on", "PROX", "",
        ].map { ListenerCase(listener, $0) }
            + [
                Self.block(0x21, 0x11, Self.ends4) + Self.hi, Self.block(0x21, 0x11, Self.ends4 + Self.values) + Self.hi,
                Self.block(0x21, 0x12, Self.ends4) + Self.hi, Self.block(0x21, 0x21, Self.ends6) + Self.hi,
                Self.block(0x21, 0x22, Self.ends6) + Self.hi, Self.block(0x20, 0, []) + Self.hi,
                Self.block(0x20, 0x11, [1, 2, 3]) + Self.hi, Self.block(0x21, 0, []) + Self.hi,
                Self.block(0x21, 0x31, [UInt8](repeating: 0x61, count: 216)) + Self.hi,
                Self.block(0x21, 0x13, Self.ends4) + Self.hi, Self.block(0x22, 0x11, Self.ends4) + Self.hi,
                Self.block(0x11, 0x11, Self.ends4) + Self.hi, Self.block(0x21, 0x11, [1, 2, 3]) + Self.hi,
                Self.block(0x21, 0x11, Self.ends4, length: 13),
            ].map { ListenerCase(listener, $0) }
    }

    private static let sniffed =
        [
            "GET / HTTP/1.1\r\nhost: a\r\n\r\n", "GET / HTTP/1.0\r\n\r\n", "POST /a?b HTTP/1.1\r\n", "OPTIONS * HTTP/1.1\r\n",
            "CONNECT a:1 HTTP/1.1\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n",
            "GET / HTTP/2.0\r\n", "GET / HTTP/11\r\n", "GET /\r\n", "GETX / HTTP/1.1\r\n", "get / HTTP/1.1\r\n",
            "GET / http/1.1\r\n",
            "*1\r\n$4\r\nPING\r\n", "hello\r\n", "\0\0\0\u{8}\u{4}\u{0}\u{16}\u{2F}", "SSH-2.0-OpenSSH_9\r\n",
            " GET / HTTP/1.1\r\n",
            "\r\nGET / HTTP/1.1\r\n", "hello world\r\n", "GET  /  HTTP/1.1 \r\n", "GET\t/ HTTP/1.1\r\n", "G@T / HTTP/1.1\r\n",
            "GET / HTTP/9.9\r\n", "GET / HTTP/1.1x\r\n", "GET /a b HTTP/1.1\r\n", "GET /\n", "GET\r\n", "GET HTTP/1.1\r\n",
            "EHLO example.com\r\n", "1 2 HTTP/1.1\r\n", "GET http://a/b HTTP/1.1\r\n", "GET / FTP/1.1\r\n",
        ].map { ListenerCase("sniff", $0) }
        + [
            Self.hello("one.example"), Self.hello("ONE.Example"), Self.hello("two.example"), Self.hello("a.b.example"),
            Self.hello("example"), Self.hello("other"), Self.hello(nil), Self.hello(nil, ["h2", "http/1.1"]),
            Self.hello(nil, ["http/1.1", "h2"]), Self.hello(nil, ["http/1.0"]), Self.hello("one.example", ["h2"]),
            Self.hello("other", ["h2"]), Array(Self.hello("one.example").prefix(20)), [22, 3, 1], [22, 9, 9, 0, 1, 1],
        ].map { ListenerCase("sniff", $0) }
        + [ListenerCase("silent", ""), ListenerCase("silent", "G"), ListenerCase("silent", [22, 3]), ListenerCase("sniff", "")]

    private static let chains = [
        "PROXY TCP4 192.0.2.1 10.2.0.1 1 3306\r\n", "PROXY TCP4 192.0.2.1 10.1.0.1 1 80\r\n",
        "PROXY TCP4 192.0.2.1 10.2.0.1 1 80\r\n",
        "PROXY TCP4 192.0.2.1 172.16.0.1 1 80\r\n", "PROXY TCP4 192.0.2.1 172.16.0.1 4711 80\r\n",
        "PROXY TCP4 127.0.0.1 172.16.0.1 1 80\r\n", "PROXY TCP4 172.16.0.1 172.16.0.1 1 80\r\n",
        "PROXY TCP4 198.51.100.1 172.16.0.1 1 80\r\n", "PROXY TCP4 203.0.113.1 172.16.0.1 1 80\r\n",
        "PROXY TCP4 127.0.0.2 172.16.0.1 1 80\r\n", "PROXY TCP6 ::1 2001:db8::1 1 80\r\n",
        "PROXY TCP6 2001:db8::1 2001:db8::1 1 80\r\n",
        "hello",
    ].map { ListenerCase("chains", $0) }

    /// `PORT` is that of the upstream `b`.
    private static let destinations = [
        ListenerCase("original", "PROXY TCP4 192.0.2.1 127.0.0.1 1 PORT\r\nhi"),
        ListenerCase("original", "PROXY TCP4 192.0.2.1 127.0.0.1 1 1\r\nhi"), ListenerCase("original", "PROXY UNKNOWN\r\nhi"),
        ListenerCase("original", "hi"),
    ]

    private static let announced = ["one", "two", "added"].flatMap { listener in
        [
            ListenerCase(listener, "PROXY TCP4 192.0.2.1 10.9.0.5 1 2\r\nhi"),
            ListenerCase(listener, "PROXY TCP6 2001:db8::1 ::1 1 2\r\nhi"),
            ListenerCase(listener, Self.block(0x21, 0x11, Self.ends4 + Self.values) + Self.hi),
            ListenerCase(listener, Self.block(0x21, 0x21, Self.ends6 + Self.values) + Self.hi),
        ]
    }
}
