// SPDX-License-Identifier: Apache-2.0
import MeshTestKit
import Proxy
import ProxyModel
import Testing

/// What a bad upstream of HTTP/2 sends does not become lines of HTTP/1: it is no answer, and costs only its stream.
@Suite(.serialized, .timeLimit(.minutes(2))) struct HTTP2AnswerTests {
    struct Row: CustomTestStringConvertible, Sendable {
        var name: String
        var fields: [(String, String)]
        var testDescription: String { self.name }

        init(_ name: String, _ fields: [(String, String)]) {
            self.name = name
            self.fields = fields
        }
    }

    private static func with(_ name: String, _ value: String) -> Row {
        Row("\(name.debugDescription): \(value.debugDescription)", [(":status", "200"), (name, value)])
    }

    static let malformed: [Row] = [
        Row("no status", [("x", "y")]), Row("an empty status", [(":status", "")]), Row("two digits", [(":status", "20")]),
        Row("four digits", [(":status", "2000")]), Row("no digits", [(":status", "abc")]), Row("a sign", [(":status", "+20")]),
        Row("below 100", [(":status", "099")]), Row("a switch", [(":status", "101")]),
        Row("a line behind the status", [(":status", "200\r\nx: y")]), Row("a late status", [("x", "y"), (":status", "200")]),
        with(":status", "200"), with(":path", "/"), with(":x", "y"), with("X", "y"), with("", "y"), with("x y", "z"),
        with("x:", "y"),
        with("x: y\r\nz", "a"), with("x\0", "y"), with("x", "y\r\nz: a"),
        with("x", "y\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"), with("x", "y\nz: a"), with("x", "y\rz"),
        with("x", "y\0z"), with("x", "y "), with("connection", "close"), with("transfer-encoding", "chunked"),
        with("keep-alive", "timeout=5"), with("upgrade", "x"), with("content-length", "5, 5"), with("content-length", "+5"),
        with("content-length", ""), with("content-length", "18446744073709551621"),
    ]

    @Test(arguments: malformed) func `is no answer, and the connection goes on`(_ row: Row) async throws {
        let rig = try await Rig()
        let client = try await RawConnection.open(port: rig.harness.port)
        try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        let server = try await rig.server()
        try await server.requests(1)
        try await server.send(RawHTTP2.headers(row.fields, stream: 1))
        let answer = try await client.receive("reset reason: protocol error")
        #expect(answer.text.hasPrefix("HTTP/1.1 502 ") && answer.text.ranges(of: "HTTP/1.1").count == 1)
        try await client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        try await server.requests(2)
        try await server.answer(3, body: "fine")
        #expect(try await client.receiveAll().text.hasSuffix("fine\r\n0\r\n\r\n"))
        try await rig.stop()
    }

    /// The client hears of the head though the rest came with it and was wrong.
    @Test(arguments: ["204", "200"]) func `a body that breaks its head's word`(status: String) async throws {
        let rig = try await Rig()
        let client = try await RawHTTP2(port: rig.harness.port)
        try await client.send(RawHTTP2.request(stream: 1))
        let server = try await rig.server()
        try await server.requests(1)
        let fields = [(":status", status)] + (status == "200" ? [("content-length", "0")] : [])
        try await server.send(
            RawHTTP2.headers(fields, stream: 1, ends: false) + RawHTTP2.data(Array("hello".utf8), stream: 1, ends: true))
        let answer = await client.connection.receive(within: .seconds(10)) {
            RawHTTP2.frames($0.bytes).contains { $0.stream == 1 && $0.type == 3 }
        }
        #expect(RawHTTP2.frames(answer.bytes).filter { $0.stream == 1 }.map(\.type) == [1, 3])
        try await rig.stop()
    }

    private struct Rig {
        let harness: ProxyHarness
        private let upstream: RawServer

        init() async throws {
            self.harness = try await ProxyHarness()
            self.upstream = try await RawServer()
            try await self.harness.proxy.apply(
                ProxyHarness.snapshot(ports: [self.upstream.port]).with(cluster: { $0.upstreamProtocol = .http2 }))
        }

        func server() async throws -> RawHTTP2Server { try await RawHTTP2Server(self.upstream, connection: 0) }

        func stop() async throws {
            try await self.harness.stop()
            await self.upstream.stop()
        }
    }
}
