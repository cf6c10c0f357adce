// SPDX-License-Identifier: Apache-2.0
import HTTP1
import HTTP2
import MeshTestKit
import NIOCore
import Proxy
import ProxyModel
import Testing

/// Where messages end, over every pair of protocols: HEAD, 204, 205, 304, HTTP/1.0 with and without keep-alive, answers that end with
/// their connection.
@Suite(.timeLimit(.minutes(2))) struct MessagePairTests {
    /// What a client of HTTP/1 has got, taken apart by the rules of RFC 9112.
    private struct Message {
        var status = 0
        var version = ""
        var headers: [String: String] = [:]
        var body = ""

        /// Takes one from the front; nil if it is not whole.
        init?(_ text: inout Substring, method: String, isClosed: Bool) {
            guard let end = text.firstRange(of: "\r\n\r\n") else { return nil }
            var lines = text[..<end.lowerBound].split(separator: "\r\n")
            let line = lines.removeFirst().split(separator: " ")
            self.version = String(line[0])
            self.status = Int(line[1]) ?? 0
            for line in lines {
                let sides = line.split(separator: ":", maxSplits: 1)
                self.headers[sides[0].lowercased()] = String(sides[1].trimmingPrefix(" "))
            }
            var rest = text[end.upperBound...]
            if method == "HEAD" || self.status == 204 || self.status == 304 {
            } else if self.headers["transfer-encoding"] != nil {
                while let size = rest.firstRange(of: "\r\n") {
                    let count = Int(rest[..<size.lowerBound], radix: 16) ?? 0
                    let part = rest[size.upperBound...].prefix(count)
                    self.body += part
                    rest = rest[part.endIndex...].dropFirst(1)
                    if count == 0 { break }
                }
            } else if let length = self.headers["content-length"].flatMap({ Int($0) }) {
                self.body = String(rest.prefix(length))
                guard self.body.count == length else { return nil }
                rest = rest.dropFirst(length)
            } else {
                guard isClosed else { return nil }
                self.body = String(rest)
                rest = ""
            }
            text = rest
        }
    }

    private static func snapshot(_ port: Int, _ server: MessagePair.Server) -> ProxySnapshot {
        ProxyHarness.snapshot(ports: [port]).with(
            manager: { $0.acceptsHTTP10 = true }, cluster: { $0.upstreamProtocol = server.isHTTP2 ? .http2 : .http1 })
    }

    @Test(arguments: MessagePair.Client.allCases, MessagePair.Server.allCases)
    func `a message ends where it ends, and another may follow`(
        client: MessagePair.Client, server: MessagePair.Server
    ) async throws {
        let harness = try await ProxyHarness()
        let upstream = try await PairUpstream(isHTTP2: server.isHTTP2)
        try await harness.proxy.apply(Self.snapshot(upstream.port, server))
        for pair in MessagePair.all where pair.client == client && pair.server == server {
            upstream.answer(as: pair)
            if client == .http2 {
                try await Self.checkHTTP2(pair, port: harness.port)
            } else {
                try await Self.checkHTTP1(pair, port: harness.port)
            }
        }
        try await harness.stop()
        await upstream.stop()
    }

    private static func request(_ pair: MessagePair, _ method: String, _ path: String) -> String {
        switch pair.client {
        case .http2, .http11: "\(method) \(path) HTTP/1.1\r\nHost: a\r\n\r\n"
        case .http11Close: "\(method) \(path) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        case .http10: "\(method) \(path) HTTP/1.0\r\nHost: a\r\n\r\n"
        case .http10Kept: "\(method) \(path) HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n"
        }
    }

    private static func checkHTTP1(_ pair: MessagePair, port: Int) async throws {
        let connection = try await RawConnection.open(port: port)
        try await connection.send(Self.request(pair, pair.method, "/"))
        let isOld = pair.client == .http10 || pair.client == .http10Kept
        func parsed(_ answer: RawAnswer, _ methods: [String]) -> (messages: [Message], rest: Substring) {
            var rest = answer.text[...]
            var messages: [Message] = []
            for method in methods {
                guard let message = Message(&rest, method: method, isClosed: answer.isClosed) else { break }
                messages.append(message)
            }
            return (messages, rest)
        }
        var methods = [pair.method]
        if pair.staysOpen {
            // Whatever follows the message's end would be taken for the beginning of this answer.
            _ = await connection.receive(within: .seconds(10)) { parsed($0, methods).messages.count == 1 }
            try await connection.send(Self.request(pair, "GET", "/next"))
            methods.append("GET")
        }
        let answer = await connection.receive(within: .seconds(10)) {
            pair.staysOpen && parsed($0, methods).messages.count == methods.count
        }
        let (messages, rest) = parsed(answer, methods)
        await connection.close()
        try #require(messages.count == methods.count, "\(pair): \(answer)")
        #expect(rest.isEmpty, "\(pair): \(answer)")
        let message = messages[0]
        #expect(message.status == pair.status, "\(pair)")
        #expect(message.body == pair.expectedBody, "\(pair): \(answer)")
        if let length = pair.expectedLength { #expect(message.headers["content-length"] == "\(length)", "\(pair): \(answer)") }
        if isOld { #expect(message.headers["transfer-encoding"] == nil, "\(pair): \(answer)") }
        if pair.status == 204 {
            #expect(message.headers["transfer-encoding"] == nil && message.headers["content-length"] == nil, "\(pair): \(answer)")
        }
        let option = message.headers["connection"]?.lowercased()
        #expect(option == (pair.staysOpen ? (isOld ? "keep-alive" : nil) : "close"), "\(pair): \(answer)")
        #expect(answer.isClosed != pair.staysOpen, "\(pair): \(answer)")
        if pair.staysOpen { #expect(messages[1].status == 200 && messages[1].body == "next", "\(pair): \(answer)") }
    }

    private static func checkHTTP2(_ pair: MessagePair, port: Int) async throws {
        let client = try await RawHTTP2(port: port)
        try await client.send(RawHTTP2.request(stream: 1, method: pair.method))
        let ending = await client.ending(of: 1)
        #expect(ending == .status(pair.status), "\(pair)")
        let answer = client.connection.answer
        #expect(RawHTTP2.body(of: 1, answer) == Array(pair.expectedBody.utf8), "\(pair)")
        // Literal fields, as our own encoder writes them.
        let head = RawHTTP2.frames(answer.bytes).first { $0.type == 1 && $0.stream == 1 }
        let text = String(decoding: head?.payload ?? [], as: UTF8.self)
        if let length = pair.expectedLength { #expect(text.contains("\u{0F}\r\u{01}\(length)"), "\(pair): \(text)") }
        #expect(!text.contains("transfer-encoding") && !text.contains("keep-alive"), "\(pair): \(text)")
        try await client.send(RawHTTP2.request(stream: 3, path: "/next"))
        #expect(await client.ending(of: 3) == .status(200), "\(pair)")
        #expect(RawHTTP2.body(of: 3, client.connection.answer) == Array("next".utf8), "\(pair)")
        await client.connection.close()
    }
}
