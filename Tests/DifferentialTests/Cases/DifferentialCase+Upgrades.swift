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
        DifferentialCase("CONNECT of a path", "CONNECT /x HTTP/1.1\r\nHost: a.test\r\n\r\n"),
    ]

    private static func request(
        _ name: String, on listener: Listener, target: String = "/", _ headers: [String], followUp: String = ""
    ) -> DifferentialCase {
        let plain = Self.request(name, on: listener, target: target, headers: headers)
        // After a switch there is no final response to wait for.
        return DifferentialCase(
            name, on: listener, bytes: plain.bytes, responses: 1, followUp: followUp)
    }
}
