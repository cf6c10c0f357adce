// SPDX-License-Identifier: Apache-2.0
import MeshTestKit
import Proxy
import Testing

/// What RFC 9113 forbids on a connection ends it, with the code that it names.
@Suite(.serialized, .timeLimit(.minutes(3))) struct HTTP2ViolationTests {
    struct Row: CustomTestStringConvertible, Sendable {
        var name: String
        var bytes: [UInt8]
        var code: Int
        var testDescription: String { self.name }
    }

    private static let get = [(":method", "GET"), (":scheme", "http"), (":authority", "a"), (":path", "/")]
    private static let open = RawHTTP2.headers(get, stream: 1, ends: false)

    private static func row(_ name: String, _ code: Int, _ frames: [UInt8]...) -> Row {
        Row(name: name, bytes: frames.flatMap { $0 }, code: code)
    }

    static let rows: [Row] = [
        row("DATA on stream 0", 1, RawHTTP2.frame(0, payload: [1])), row("DATA on an idle stream", 1, RawHTTP2.frame(0, stream: 1)),
        row("DATA behind the end", 5, RawHTTP2.headers(get, stream: 1), RawHTTP2.frame(0, flags: 1, stream: 1, payload: [1])),
        row("more padding than frame", 1, open, RawHTTP2.frame(0, flags: 8, stream: 1, payload: [9, 0])),
        row("HEADERS on stream 0", 1, RawHTTP2.headers(get, stream: 0)),
        row("HEADERS on an even stream", 1, RawHTTP2.headers(get, stream: 2)),
        row("HEADERS behind the end", 5, RawHTTP2.headers(get, stream: 1), RawHTTP2.headers(get, stream: 1)),
        row("HEADERS that depends on itself", 1, RawHTTP2.frame(1, flags: 0x25, stream: 1, payload: [0, 0, 0, 1, 0])),
        row("HEADERS too short for its priority", 6, RawHTTP2.frame(1, flags: 0x25, stream: 1, payload: [0, 0])),
        row(
            "a head that is interrupted", 1, RawHTTP2.frame(1, stream: 1, payload: RawHTTP2.block(get)),
            RawHTTP2.frame(6, payload: [0, 0, 0, 0, 0, 0, 0, 0])),
        row(
            "a head that goes on elsewhere", 1, RawHTTP2.frame(1, stream: 1, payload: RawHTTP2.block(get)),
            RawHTTP2.frame(9, flags: 4, stream: 3)),
        row("CONTINUATION of nothing", 1, RawHTTP2.frame(9, flags: 4, stream: 1)),
        row("an index of HPACK that is not there", 9, RawHTTP2.frame(1, flags: 5, stream: 1, payload: [0xFE])),
        row("index 0", 9, RawHTTP2.frame(1, flags: 5, stream: 1, payload: [0x80])),
        row(
            "an integer of HPACK without an end", 9,
            RawHTTP2.frame(1, flags: 5, stream: 1, payload: [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF])),
        row("a string longer than its block", 9, RawHTTP2.frame(1, flags: 5, stream: 1, payload: [0, 0x7F, 0xFF, 0x01])),
        row("a table larger than announced", 9, RawHTTP2.frame(1, flags: 5, stream: 1, payload: [0x3F, 0xFF, 0xFF, 0x03])),
        row("a table resized within a block", 9, RawHTTP2.frame(1, flags: 5, stream: 1, payload: [0x82, 0x20])),
        row("Huffman padding that is none", 9, RawHTTP2.frame(1, flags: 5, stream: 1, payload: [0, 0x81, 0x00, 0x81, 0x00])),
        row("RST_STREAM on stream 0", 1, RawHTTP2.frame(3, payload: RawHTTP2.number(8))),
        row("RST_STREAM on an idle stream", 1, RawHTTP2.frame(3, stream: 1, payload: RawHTTP2.number(8))),
        row("RST_STREAM of three bytes", 6, open, RawHTTP2.frame(3, stream: 1, payload: [0, 0, 0])),
        row("PRIORITY on stream 0", 1, RawHTTP2.frame(2, payload: [0, 0, 0, 1, 0])),
        row("SETTINGS on a stream", 1, RawHTTP2.frame(4, stream: 1)),
        row("SETTINGS of five bytes", 6, RawHTTP2.frame(4, payload: [0, 1, 0, 0, 0])),
        row("SETTINGS ACK with settings", 6, RawHTTP2.frame(4, flags: 1, payload: [0, 1, 0, 0, 0, 0])),
        row("ENABLE_PUSH 2", 1, RawHTTP2.frame(4, payload: [0, 2, 0, 0, 0, 2])),
        row("INITIAL_WINDOW_SIZE beyond 2^31", 3, RawHTTP2.frame(4, payload: [0, 4, 0x80, 0, 0, 0])),
        row(
            "a window lifted beyond 2^31", 3, open, RawHTTP2.frame(8, stream: 1, payload: [0, 1, 0, 0]),
            RawHTTP2.frame(4, payload: [0, 4, 0x7F, 0xFF, 0xFF, 0xFF])),
        row("MAX_FRAME_SIZE too small", 1, RawHTTP2.frame(4, payload: [0, 5, 0, 0, 0, 1])),
        row("MAX_FRAME_SIZE too large", 1, RawHTTP2.frame(4, payload: [0, 5, 1, 0, 0, 0])),
        row("ENABLE_CONNECT_PROTOCOL 2", 1, RawHTTP2.frame(4, payload: [0, 8, 0, 0, 0, 2])),
        row("PUSH_PROMISE", 1, open, RawHTTP2.frame(5, flags: 4, stream: 1, payload: RawHTTP2.number(2))),
        row("PING on a stream", 1, RawHTTP2.frame(6, stream: 1, payload: [0, 0, 0, 0, 0, 0, 0, 0])),
        row("PING of seven bytes", 6, RawHTTP2.frame(6, payload: [0, 0, 0, 0, 0, 0, 0])),
        row("GOAWAY on a stream", 1, RawHTTP2.frame(7, stream: 1, payload: RawHTTP2.number(0) + RawHTTP2.number(0))),
        row("GOAWAY of four bytes", 6, RawHTTP2.frame(7, payload: RawHTTP2.number(0))),
        row("WINDOW_UPDATE of nothing", 1, RawHTTP2.frame(8, payload: RawHTTP2.number(0))),
        row("WINDOW_UPDATE beyond 2^31", 3, RawHTTP2.frame(8, payload: RawHTTP2.number(0x7FFF_FFFF))),
        row("WINDOW_UPDATE on an idle stream", 1, RawHTTP2.frame(8, stream: 1, payload: RawHTTP2.number(1))),
        row("WINDOW_UPDATE of three bytes", 6, RawHTTP2.frame(8, payload: [0, 0, 1])),
        row("a frame beyond the limit", 6, RawHTTP2.frame(0, stream: 1, payload: [UInt8](repeating: 0, count: 16_385))),
    ]

    @Test(arguments: rows) func `ends the connection`(_ row: Row) async throws {
        let harness = try await ProxyHarness()
        let upstream = try await ScriptedUpstream(group: harness.group, always: .silence)
        try await harness.proxy.apply(StrictRow.snapshot(port: upstream.port))
        let client = try await RawHTTP2(port: harness.port)
        try await client.send(row.bytes)
        #expect(await client.end() == .goAway(row.code))
        await client.connection.close()
        try await harness.stop()
    }
}
