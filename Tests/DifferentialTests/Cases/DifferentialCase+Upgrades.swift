// SPDX-License-Identifier: Apache-2.0

extension DifferentialCase {
    private static let asks = [
        "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Key: x3JJHMbDL1EzLkh9GBhXDw==", "Sec-WebSocket-Version: 13",
    ]

    static let upgrades: [DifferentialCase] = [
        request("upgrade", on: .options, asks, followUp: "ping"),
        request("upgrade in lower case", on: .options, ["connection: upgrade", "upgrade: WebSocket"], followUp: "ping"),
        request("upgrade among others", on: .options, ["Connection: keep-alive, Upgrade", "Upgrade: websocket"], followUp: "ping"),
        request("upgrade refused by the upstream", on: .options, target: "/?answer=refuse", asks),
        request("upgrade not allowed", on: .plain, asks),
        request("upgrade to something else", on: .options, ["Connection: Upgrade", "Upgrade: foo"]),
        request("upgrade header without connection", on: .options, ["Upgrade: websocket"]),
        request("connection upgrade without upgrade", on: .options, ["Connection: Upgrade"]),
        request("upgrade to a list", on: .options, ["Connection: Upgrade", "Upgrade: websocket, foo"]),
        request("upgrade with a length", on: .options, asks + ["Content-Length: 0"]),
        DifferentialCase("CONNECT", "CONNECT a.test:80 HTTP/1.1\r\nHost: a.test:80\r\n\r\n"),
        DifferentialCase("CONNECT without host", "CONNECT a.test:80 HTTP/1.1\r\n\r\n"),
        DifferentialCase("CONNECT with options", on: .options, "CONNECT a.test:80 HTTP/1.1\r\nHost: a.test:80\r\n\r\n"),
        behind("a request behind an upgrade", on: .options, asks, responses: 1),
        behind("a request behind an upgrade that is not allowed", on: .plain, asks),
        behind("a request behind an upgrade to something else", on: .options, ["Connection: Upgrade", "Upgrade: foo"]),
        behind(
            "a request behind an upgrade of an unknown version", on: .options, asks.dropLast() + ["Sec-WebSocket-Version: 999"],
            responses: 1),
        behind("a request behind an upgrade with a body", on: .options, asks + ["Content-Length: 5"], body: "hello", responses: 1),
        behind(
            "a request behind an upgrade in chunks", on: .options, asks + ["Transfer-Encoding: chunked"], body: "0\r\n\r\n",
            responses: 1),
        request(
            "a request behind an upgrade that was refused", on: .options, target: "/?answer=refuse", asks, followUp: hiddenRequest),
        request("an upgrade", on: .options, asks, followUp: "ping").finished(),
        DifferentialCase("a request behind CONNECT", "CONNECT a.test:80 HTTP/1.1\r\nHost: a.test:80\r\n\r\n\(hiddenRequest)"),
        DifferentialCase(
            "a request behind CONNECT with a body",
            "CONNECT a.test:80 HTTP/1.1\r\nHost: a.test:80\r\nContent-Length: 5\r\n\r\nhello\(hiddenRequest)"),
        DifferentialCase(
            "a request behind CONNECT in chunks",
            "CONNECT a.test:80 HTTP/1.1\r\nHost: a.test:80\r\nTransfer-Encoding: chunked\r\n\r\n\(hidden)"),
        DifferentialCase("CONNECT against the host", "CONNECT a.test:80 HTTP/1.1\r\nHost: b.test:80\r\n\r\n"),
        DifferentialCase("CONNECT with users", "CONNECT u@a.test:80 HTTP/1.1\r\nHost: a.test:80\r\n\r\n"),
        DifferentialCase("CONNECT without a port", "CONNECT a.test HTTP/1.1\r\nHost: a.test\r\n\r\n"),
        DifferentialCase("CONNECT of a URL", "CONNECT http://a.test:80/ HTTP/1.1\r\nHost: a.test:80\r\n\r\n"),
        DifferentialCase("CONNECT of a path", "CONNECT /x HTTP/1.1\r\nHost: a.test\r\n\r\n"),
    ]

    private static let hiddenRequest = "GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n"

    private static func behind(
        _ name: String, on listener: Listener, _ headers: [String], body: String = "", responses: Int = 2
    ) -> DifferentialCase {
        var test = Self.request(name, on: listener, headers)
        test.bytes += Array((body + Self.hiddenRequest).utf8)
        test.responses = responses
        return test
    }

    private static func request(
        _ name: String, on listener: Listener, target: String = "/", _ headers: [String], followUp: String = ""
    ) -> DifferentialCase {
        let plain = Self.request(name, on: listener, target: target, headers: headers)
        // After a switch there is no final response to wait for.
        return DifferentialCase(
            name, on: listener, bytes: plain.bytes, responses: 1, followUp: followUp)
    }
}
